// Kills the order or the delivery service at every step of their work: each kind of write that they make is a place
// to die at, once before MongoDB has it and once after, when the process does not know yet. What must follow the
// write, the news, the entry, the answer, has then not been done, by this process. The kinds are not listed
// anywhere: they are what the wire shows while people are at work.
import type { Document } from "mongodb";
import { tapMongo } from "../mongo-tap.ts";
import type { Platform } from "../platform.ts";
import type { Replica } from "../replica.ts";
import type { Trouble } from "./trouble.ts";

export type Side = "before" | "after";

export interface CrashPoints extends Trouble {
  /** Every kind of write seen so far, and on which sides of it a process has died. */
  seen: Map<string, Set<Side>>;
  /** Expected ones that nobody has died at. */
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

/** Whether the write has changed anything: one that came too late is not the step that it looks like. */
const hasChanged = ({ n, value, writeErrors }: Document) =>
  value === undefined ? n > 0 && !writeErrors : value !== null;

/** A name for what the command does: what it adds, or the event that it records, or the fields that it touches. */
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

/** No step was new for so long: there are no more. */
const QUIET_MS = 4_000;

/** Kills whoever comes to a step that nobody has died at yet, one of either service at a time, and starts it again. `expected` are steps
 * that there must be. */
export function killAtEachStep(platform: Platform, expected: string[]): CrashPoints {
  const seen = new Map(expected.map((step) => [step, new Set<Side>()]));
  const counts = new Map<string, number>();
  const journal: string[] = [];
  const startedAt = Date.now();
  let lastAt = startedAt;
  /** Who is dead, of either service one at most. */
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
  /** Whether it is time to die here. */
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
            // Never reaches MongoDB.
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

  // Others are died at when they come; whether they come again, or change anything, nobody knows.
  const missing = () =>
    expected.flatMap((step) =>
      SIDES.filter((side) => !seen.get(step)?.has(side)).map((side) => `${step}, ${side}`),
    );
  const enough = (async () => {
    while (missing().length > 0 || Date.now() - lastAt < QUIET_MS) await Bun.sleep(50);
  })();

  return {
    seen,
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
