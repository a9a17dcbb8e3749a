import { beforeAll, expect, test } from "bun:test";
import {
  connectTestRedis,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  metricIn,
  NO_REDIS,
  PATIENT,
  testBase,
} from "../../../testing/service.ts";
import { createMetrics } from "../../observe/metrics.ts";
import { currentScope, runInScope, runInTrace, scopeOf, spanAfter } from "../../observe/request-scope.ts";
import { type EndedSpan, recordSpans } from "../../observe/spans.ts";
import type { ServiceBase } from "../../service/service-base.ts";
import { connectMongo } from "../mongo.ts";
import { measureMongo } from "./measure-databases.ts";
import { watchMongo } from "./mongo-commands.ts";
import { watchRedis } from "./redis-commands.ts";

const measured = async ({ metrics }: Pick<ServiceBase, "metrics">, name: string, ...labels: string[]) =>
  metricIn(await metrics.render(), name, ...labels);

describeWithDatabases("the metrics of databases", () => {
  let base: ServiceBase;
  beforeAll(async () => {
    base = await testBase("measured");
  });
  const inRequest = <T>(run: () => T) =>
    runInScope(
      scopeOf(new Headers({ "x-request-id": "req-1" }), () => "", performance.now()),
      run,
    );

  test("count commands to MongoDB by name and outcome", async () => {
    const things = base.mongo.db.collection<{ _id: string }>("things");
    const count = (command: string, outcome = "ok") =>
      measured(
        base,
        "mongodb_command_duration_seconds_count",
        `command="${command}"`,
        `outcome="${outcome}"`,
      );
    await things.insertOne({ _id: "a" });
    await things.findOne({ _id: "a" });
    await things.findOne({ _id: "b" });
    await expect(base.mongo.db.command({ noSuchCommand: 1 })).rejects.toThrow();
    expect(await count("insert")).toBe(1);
    expect(await count("find")).toBe(2);
    expect(await count("noSuchCommand", "refused")).toBe(1);
    // Its own greetings and heartbeats do not count.
    expect(await count("hello")).toBe(0);
  });

  test("show the connections of the pool, and who waits for one", async () => {
    const state = (name: string) => measured(base, "mongodb_pool_connections", `state="${name}"`);
    const { db } = base.mongo;
    await db.command({ ping: 1 });
    expect(await state("in_use")).toBe(0);
    expect(await state("idle")).toBeGreaterThan(0);
    const pings = Array.from({ length: 60 }, () => db.command({ ping: 1 }));
    await eventually(
      async () => (await state("in_use")) > 0 || (await measured(base, "mongodb_pool_waiting")) > 0,
    );
    await Promise.all(pings);
    expect(await state("in_use")).toBe(0);
    expect(await measured(base, "mongodb_pool_waiting")).toBe(0);
    expect(await measured(base, "dependency_up", 'dependency="mongodb"')).toBe(1);
  });

  test("a ping succeeds with the next answer of MongoDB, and does not wait behind callers that wait for a connection", async () => {
    let answered = 0;
    const finds = Array.from({ length: 500 }, async () => {
      await base.mongo.db.collection("things").findOne({});
      answered++;
    });
    await base.mongo.ping();
    expect(answered).toBeLessThan(finds.length / 2);
    await Promise.all(finds);
  });

  test("count what MongoDB does not give while it is away", async () => {
    const metrics = createMetrics("measured");
    const away = connectMongo("mongodb://127.0.0.1:1/none", "none", base.log, {
      connectMs: 50,
      operationMs: 50,
    });
    measureMongo(metrics, away);
    await expect(away.ping()).rejects.toThrow();
    expect(await measured({ metrics }, "dependency_up", 'dependency="mongodb"')).toBe(0);
    await away.close();
  });

  test("count commands to Redis by name and outcome, in a pipeline too", async () => {
    const count = (command: string, outcome = "ok") =>
      measured(base, "redis_command_duration_seconds_count", `command="${command}"`, `outcome="${outcome}"`);
    const before = await count("get");
    await base.redis.get("no-such-key");
    await base.redis.pipeline().get("no-such-key").incr("measured:counter").exec();
    await base.redis.set("measured:text", "text");
    await expect(base.redis.incr("measured:text")).rejects.toThrow();
    expect(await count("get")).toBe(before + 2);
    expect(await count("incr")).toBe(1);
    expect(await count("incr", "refused")).toBe(1);
    expect(await measured(base, "dependency_up", 'dependency="redis"')).toBe(1);
  });

  test("count commands that fail since Redis is away", async () => {
    const alone = await testBase("alone", { redisUrl: NO_REDIS });
    await expect(alone.redis.get("key")).rejects.toThrow();
    const failed = 'outcome="failed"';
    expect(await measured(alone, "redis_command_duration_seconds_count", 'command="get"', failed)).toBe(1);
    expect(await measured(alone, "dependency_up", 'dependency="redis"')).toBe(0);
  });

  test("a command begins in the context of its request, and ends once", async () => {
    const seen: unknown[] = [];
    const watch = (name: string, on?: string) => {
      seen.push([name, on, currentScope()?.requestId]);
      return (error?: unknown) => void seen.push([name, error]);
    };
    const mongo = connectMongo(freshMongoUrl(), "watched", base.log, PATIENT.mongo);
    watchMongo(mongo.db.client, watch);
    await inRequest(() => mongo.db.collection("things").findOne({}));
    expect(seen).toEqual([
      ["find", "things", "req-1"],
      ["find", undefined],
    ]);
    await mongo.close();
    seen.length = 0;
    const redis = await connectTestRedis();
    watchRedis(redis, watch);
    await inRequest(() => redis.get("no-such-key"));
    expect(seen).toEqual([
      ["get", undefined, "req-1"],
      ["get", undefined],
    ]);
    redis.disconnect();
  });

  test("commands of a recorded trace are spans with their names and no values", async () => {
    const spans: EndedSpan[] = [];
    recordSpans(
      (span) => void spans.push(span),
      (_, ofParent = true) => ofParent,
    );
    const request = spanAfter();
    const things = base.mongo.db.collection<{ _id: string }>("things");
    await runInTrace(request, async () => {
      await things.findOne({ _id: "s3cret" });
      await base.redis.pipeline().get("s3cret").exec();
      await expect(base.mongo.db.command({ noSuchCommand: 1 })).rejects.toThrow();
    });
    await things.findOne({ _id: "not in a trace" });
    await runInTrace({ ...request, isSampled: false }, () => base.redis.get("key"));
    recordSpans();
    expect(spans.map(({ type }) => type)).toMatchObject([
      {
        ...{ name: "find things", kind: 3, isError: false },
        attributes: {
          ...{ "db.system.name": "mongodb", "db.operation.name": "find", "db.collection.name": "things" },
        },
      },
      { name: "get", attributes: { "db.system.name": "redis", "db.operation.name": "get" } },
      { name: "noSuchCommand", isError: true, attributes: { "error.type": "refused" } },
    ]);
    for (const { trace } of spans)
      expect(trace).toMatchObject({ traceId: request.traceId, parentId: request.spanId });
    expect(JSON.stringify(spans)).not.toContain("s3cret");
  });
});
