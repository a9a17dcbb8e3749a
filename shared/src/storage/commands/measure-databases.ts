// Metrics and spans of the two databases as this process sees them.
import type { ConnectionCheckOutFailedEvent, TopologyDescriptionChangedEvent } from "mongodb";
import { Counter, Gauge, type Registry } from "prom-client";
import { durations } from "../../observe/durations.ts";
import type { Metrics } from "../../observe/metrics.ts";
import { outsideRequests } from "../../observe/request-scope.ts";
import { scrapedGauge } from "../../observe/scraped.ts";
import { startTiming } from "../../observe/server-timing.ts";
import { commandSpan, type DatabaseSystem } from "../../observe/span-types.ts";
import { endSpan, recordedChild } from "../../observe/spans.ts";
import type { Mongo } from "../mongo.ts";
import type { Redis } from "../redis.ts";
import { watchMongo } from "./mongo-commands.ts";
import { watchRedis } from "./redis-commands.ts";
import { outcomeOf, type WatchCommand } from "./watch-command.ts";

const MONGO_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const REDIS_SECONDS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5];

/** Metrics of all commands, and spans of those in a recorded trace. `answered` is called after those that succeed. */
function timedBy(
  registry: Registry,
  system: DatabaseSystem,
  help: string,
  buckets: number[],
  answered?: () => void,
): WatchCommand {
  const name = `${system}_command_duration_seconds`;
  const { observe } = durations(registry, { name, help, buckets, labelNames: ["command", "outcome"] });
  return (command, collection = "") => {
    const startedAt = performance.now();
    const span = recordedChild();
    const timed = startTiming(system === "redis" ? "cache" : "db");
    return (error) => {
      const outcome = outcomeOf(error);
      timed?.();
      observe((performance.now() - startedAt) / 1_000, command, outcome);
      if (outcome === "ok") answered?.();
      if (span) endSpan(span, commandSpan(system, command, collection, outcome), startedAt);
    };
  };
}

/** Call it before the client connects. */
export function measureMongo({ registry, dependencies }: Metrics, mongo: Mongo): void {
  const { client } = mongo.db;
  watchMongo(client, timedBy(registry, "mongodb", "Commands to MongoDB", MONGO_SECONDS, mongo.answered));

  let [open, inUse, waiting, isUp] = [0, 0, 0, false];
  const failures = new Counter({
    name: "mongodb_pool_checkout_failures_total",
    help: "Connections of the pool that a caller did not get, by reason",
    labelNames: ["reason"],
    registers: [registry],
  });
  const taken = () => {
    waiting--;
    inUse++;
  };
  const notTaken = ({ reason }: ConnectionCheckOutFailedEvent) => {
    waiting--;
    failures.inc({ reason: String(reason) });
  };
  const seen = ({ newDescription }: TopologyDescriptionChangedEvent) => {
    isUp = [...newDescription.servers.values()].some(({ isWritable }) => isWritable);
  };
  client.on(
    "connectionCreated",
    outsideRequests(() => open++),
  );
  client.on(
    "connectionClosed",
    outsideRequests(() => open--),
  );
  client.on(
    "connectionCheckOutStarted",
    outsideRequests(() => waiting++),
  );
  client.on("connectionCheckedOut", outsideRequests(taken));
  client.on("connectionCheckOutFailed", outsideRequests(notTaken));
  client.on(
    "connectionCheckedIn",
    outsideRequests(() => inUse--),
  );
  client.on("topologyDescriptionChanged", outsideRequests(seen));
  const connections = new Gauge({
    name: "mongodb_pool_connections",
    help: "Connections to MongoDB, by state",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      connections.set({ state: "in_use" }, inUse);
      connections.set({ state: "idle" }, open - inUse);
    },
  });
  scrapedGauge(
    registry,
    "mongodb_pool_connections_max",
    "The most connections to one server of MongoDB",
    () => client.options.maxPoolSize ?? 0,
  );
  scrapedGauge(
    registry,
    "mongodb_pool_waiting",
    "Callers that wait for a connection of the pool",
    () => waiting,
  );
  dependencies.set("mongodb", () => isUp);
}

/** For the connection that sends commands. */
export function measureRedis({ registry, dependencies }: Metrics, redis: Redis): void {
  watchRedis(redis, timedBy(registry, "redis", "Commands to Redis", REDIS_SECONDS));
  dependencies.set("redis", () => redis.status === "ready");
}
