// Kills order and delivery processes at each kind of write: once before MongoDB gets the write, and once after MongoDB has
// applied it but before the process gets the answer. So the process does nothing that follows the write: no event, no outbox
// delivery, no answer. The kinds of writes are found in the traffic to MongoDB under random load.
import type { Document } from "mongodb";
import { tapMongo } from "../mongo-tap.ts";
import type { Platform } from "../platform.ts";
import type { Replica } from "../replica.ts";
import type { FaultInjection } from "./trouble.ts";

type Side = "before" | "after";

export interface CrashPoints extends FaultInjection {
  /** Expected steps at which no process has died yet. */
  missing: () => string[];
}

const SERVICES = ["order", "delivery"] as const;
const SIDES: Side[] = ["before", "after"];

const keysOf = (update: Document) =>
  Object.values(update)
    .flatMap((fields) => Object.entries(fields as object))
    .map(([key, value]) => (value === null ? `no ${key}` : key))
    .sort()
    .join(",");

/** Whether the write changed a document. A conditional write that matched nothing does not count as its step. */
const hasChanged = ({ n, value, writeErrors }: Document) =>
  value === undefined ? n > 0 && !writeErrors : value !== null;

/** Names a write by its event, its new status, its inserted collection or its changed fields; undefined for other commands. */
export function stepOf(service: string, command: Document): string | undefined {
  const [name, collection] = Object.entries(command)[0] ?? [];
  if (name === "insert") return `${service}: insert ${collection}`;
  const update = name === "update" ? command.updates?.[0]?.u : name === "findAndModify" && command.update;
  if (!update) return undefined;
  const event = update.$push?.events;
  if (event) return `${service}: ${collection} ${event.type} by ${event.actor.role}`;
  const status = update.$set?.["deliveries.$[it].status"];
  const isLast = update.$set?.live === false;
  return `${service}: ${collection} ${status ? `is ${status}${isLast ? ", the last" : ""}` : keysOf(update)}`;
}

/** After this time without a new step, all steps are known. */
const QUIET_MS = 4_000;

/** Kills a process that reaches a new step, and restarts it; at most one process of each service at a time. `expected` lists
 * the steps that must occur. */
export function killAtEachStep(platform: Platform, expected: string[]): CrashPoints {
  const seen = new Map(expected.map((step) => [step, new Set<Side>()]));
  const counts = new Map<string, number>();
  const journal: string[] = [];
  const startedAt = Date.now();
  let lastAt = startedAt;
  /** By service: the restart of its killed process. */
  const underWay = new Map<string, Promise<void>>();
  let stopped = false;

  function die(service: string, replica: Replica, step: string, side: Side) {
    seen.get(step)?.add(side);
    lastAt = Date.now();
    counts.set(side, (counts.get(side) ?? 0) + 1);
    journal.push(`${lastAt - startedAt} ms: ${replica.name} dies ${side} ${step}`);
    const back = replica
      .kill("SIGKILL")
      .then(() => replica.start())
      .catch(() => undefined)
      .finally(() => underWay.delete(service));
    underWay.set(service, back);
  }
  /** Whether a process must die here. */
  const isNext = (service: string, step: string, side: Side) =>
    !stopped && !underWay.has(service) && !seen.get(step)?.has(side);

  function notice(step: string) {
    if (seen.has(step)) return;
    seen.set(step, new Set());
    lastAt = Date.now();
  }

  const untap = SERVICES.flatMap((service) =>
    platform.replicas[service].map((replica) =>
      tapMongo(replica.proxies.mongo, {
        command(command) {
          const step = stepOf(service, command);
          if (!step) return undefined;
          notice(step);
          if (isNext(service, step, "before")) {
            die(service, replica, step, "before");
            // The command never reaches MongoDB.
            return new Promise(() => {});
          }
          return isNext(service, step, "after") ? Promise.resolve() : undefined;
        },
        answer(command, answer) {
          const step = stepOf(service, command);
          if (step && hasChanged(answer) && isNext(service, step, "after"))
            die(service, replica, step, "after");
        },
      }),
    ),
  );

  // Other steps are not required: they may not occur twice, or may change nothing.
  const missing = () =>
    expected.flatMap((step) =>
      SIDES.filter((side) => !seen.get(step)?.has(side)).map((side) => `${step}, ${side}`),
    );
  const enough = (async () => {
    while (missing().length > 0 || Date.now() - lastAt < QUIET_MS) await Bun.sleep(50);
  })();

  return {
    missing,
    counts,
    journal,
    enough,
    async heal() {
      stopped = true;
      await Promise.all(underWay.values());
      for (const undo of untap) undo();
      await Promise.all(platform.all.map((replica) => replica.start()));
    },
  };
}
