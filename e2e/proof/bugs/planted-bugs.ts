// Planted bugs: the proof must find each of them. They exist only in binaries that this file builds. In them each `right`
// expression becomes a switch that selects `wrong` while the file in PLANTED_BUG_FILE contains the name of the bug. The
// file may change while the processes run. The sources of the services are not changed.
import { join, resolve } from "node:path";
import { type Patch, requireOnce } from "../../source-patch.ts";

/** The scene that always shows a bug; see `staged.ts`. */
export type SceneName =
  | "empty databases"
  | "overtaken write"
  | "one key twice"
  | "lost insert"
  | "lost change"
  | "lost messages"
  | "repeated messages"
  | "overlapping rounds"
  | "late joins"
  | "concurrent planners"
  | "paused holders";

export interface PlantedBug {
  what: string;
  /** Matches the violation that the checker must report. */
  breaks: RegExp;
  scene: SceneName;
  /** The bug is in the indexes, which a process creates at its start. */
  inIndexes?: true;
  /** The kinds of faults with which seeded chaos finds it, too. */
  chaos?: "any" | string[];
  patches: Patch[];
}

const ORDER = "services/order/src";
const DELIVERY = "services/delivery/src";

/** No outbox entry is pending, but the delivery does not agree with its order. */
const DELIVERY_DIFFERS = /^I6 (ord_.* and its delivery |dlv_.* is over)/;

const BLIND_CHANGE: Patch = {
  file: `${ORDER}/orders/store.ts`,
  right: "{ ...byId(order._id), status: order.status, version: order.version }",
  wrong: "byId(order._id)",
};
const BLIND_ORDER: Patch = {
  file: `${ORDER}/dispatch/write-outcome.ts`,
  right: "order?.awaitingCourier === true && order.deliveryId === deliveryId",
  wrong: "order !== null",
};
/** Lets two processes plan one region, in spite of the lock and the lease. */
const NO_LEASE: Patch[] = [
  {
    file: `${ORDER}/dispatch/store.ts`,
    right: "{ _id: region, leasedUntil: isOver, ...(ifDue && { dueAt: isDue }) }",
    wrong: "{ _id: region }",
  },
  {
    file: `${ORDER}/dispatch/round.ts`,
    right: "deps.locks.withLock",
    wrong: "((_key, _ttlMs, run) => run())",
  },
];
export const PLANTED_BUGS: Record<string, PlantedBug> = {
  "change-without-condition": {
    what: "an order is updated without a condition on the version that was read",
    breaks: /^I5 |^I7 .*received/,
    scene: "overtaken write",
    chaos: "any",
    patches: [BLIND_CHANGE],
  },
  "key-index-dropped": {
    what: "the unique index on the idempotency key is missing",
    chaos: ["redisForAll", "redisEmptied", "network"],
    breaks: /^I4 /,
    scene: "one key twice",
    inIndexes: true,
    patches: [
      {
        file: `${ORDER}/archive/store.ts`,
        right: "{ key: { shardKey: 1, customerId: 1, idempotencyKey: 1 }, name: ONCE, unique: true }",
        wrong: "{ key: { shardKey: 1, customerId: 1, idempotencyKey: 1 }, name: ONCE }",
      },
    ],
  },
  "order-index-dropped": {
    what: "the unique index on the orders of live trips is missing",
    breaks: /^I1 the unique index trips: {"shardKey":1,"liveOrderIds/,
    scene: "empty databases",
    inIndexes: true,
    patches: [
      {
        file: `${DELIVERY}/trips/store.ts`,
        right: '{ key: { shardKey: 1, liveOrderIds: 1 }, name: "live_trip_of_order", ...whileLive }',
        wrong: '{ key: { shardKey: 1, liveOrderIds: 1 }, name: "live_trip_of_order" }',
      },
    ],
  },
  "answered-before-written": {
    what: "a placement is answered with 201 before the order is stored",
    chaos: ["orderDatabase"],
    breaks: /^I3 .*not stored|^I4 /,
    scene: "lost insert",
    patches: [
      {
        file: `${ORDER}/placing/place-order.ts`,
        right: "await orders.add(placed)",
        wrong: '(void orders.add(placed).catch(() => undefined), "added")',
      },
    ],
  },
  "lease-ignored": {
    what: "two processes plan one region at the same time",
    breaks: /two rounds plan/,
    scene: "overlapping rounds",
    patches: NO_LEASE,
  },
  "outbox-entry-not-recorded": {
    what: "a change of an order stores no outbox entry",
    breaks: DELIVERY_DIFFERS,
    scene: "lost messages",
    chaos: "any",
    patches: [
      {
        file: `${ORDER}/orders/store.ts`,
        right: "(entries.length > 0 && { outbox: { $each: entries } })",
        wrong: "undefined",
      },
    ],
  },
  "outbox-entry-forgotten-early": {
    what: "an outbox entry is removed before the receiver has answered",
    chaos: ["lostMessages"],
    breaks: DELIVERY_DIFFERS,
    scene: "lost messages",
    patches: [
      {
        file: "shared/src/outbox/outbox.ts",
        right: "() => deliver(_id, entry)",
        wrong:
          "async () => { await collection.updateOne(at(byId(_id)), set({ $pull: { outbox: { id: entry.id } } })); await deliver(_id, entry); }",
      },
    ],
  },
  "no-dedupe": {
    what: "a delivery applies repeated and outdated messages",
    breaks: DELIVERY_DIFFERS,
    scene: "repeated messages",
    patches: [
      {
        file: `${DELIVERY}/trips/store.ts`,
        right: "{ $elemMatch: behind }",
        wrong: "{ $elemMatch: { deliveryId, ...(!isLive(status) && { live: true }) } }",
      },
    ],
  },
  "retried-without-key": {
    what: "the customer service generates a new idempotency key for each request",
    breaks: /^I4 /,
    scene: "one key twice",
    chaos: "any",
    patches: [
      {
        file: "services/customer/src/orders/routes.ts",
        right: `requireIdempotencyKey(headers["idempotency-key"])`,
        wrong: "crypto.randomUUID()",
      },
    ],
  },
  "published-before-written": {
    what: "an event is published before its change is stored",
    chaos: ["orderDatabase"],
    breaks: /^I7 .*received/,
    scene: "lost change",
    patches: [
      {
        file: `${ORDER}/orders/change-order.ts`,
        right: "await orders.apply(order, change, now)",
        wrong: `(await announce({ ...order, ...change.set, status: change.status, version: order.version + 1,
          events: [...order.events, { sequence: order.version + 1, type: change.type, from: order.status,
          to: change.status, actor: change.actor, at: now }] }), await orders.apply(order, change, now))`,
      },
    ],
  },
  "lock-alone": {
    what: "only a lock prevents two trips of a courier: the claim has no condition",
    breaks: /at once/,
    scene: "paused holders",
    patches: [
      {
        file: `${DELIVERY}/couriers/store.ts`,
        right: "{ _id: courierId, ...free() }",
        wrong: "{ _id: courierId }",
      },
    ],
  },
  "joins-after-pickup": {
    what: "an order joins a trip after its pickup",
    breaks: /^I10 .* after its pickup/,
    scene: "late joins",
    patches: [
      {
        file: `${DELIVERY}/trips/store.ts`,
        right: "{ ...byId(trip._id), version: trip.version, live: true, open: true }",
        wrong: "{ ...byId(trip._id), live: true }",
      },
      { file: `${DELIVERY}/trips/assign-trips.ts`, right: "!trip?.open", wrong: "!trip" },
    ],
  },
  "slot-used-twice": {
    what: "an order that joins a trip gets a slot that is in use",
    breaks: /^I10 .* uses a slot twice/,
    scene: "late joins",
    patches: [{ file: `${DELIVERY}/trips/store.ts`, right: "size + i", wrong: "i" }],
  },
  "held-order-committed-twice": {
    what: "two concurrent rounds assign the same held order",
    breaks: /^I1 .*assigned to/,
    scene: "concurrent planners",
    patches: [...NO_LEASE, BLIND_ORDER],
  },
  "concurrent-planners-overwrite": {
    what: "two processes plan one region, and each overwrites the other's changes",
    breaks: /^I1 .*assigned to|^I5 /,
    scene: "concurrent planners",
    patches: [...NO_LEASE, BLIND_ORDER, BLIND_CHANGE],
  },
};

const ROOT = resolve(import.meta.dir, "../../..");
export const PLANTED_DIST = join(ROOT, "dist/planted");

const BUG = 'process.getBuiltinModule("node:fs").readFileSync(process.env.PLANTED_BUG_FILE, "utf8")';

/** Replaces the `right` expression of every patch by its switch. Throws when one does not occur exactly once. */
export function withSwitches(file: string, source: string): string {
  const switches = new Map<string, string>();
  for (const [name, { patches }] of Object.entries(PLANTED_BUGS))
    for (const patch of patches.filter((one) => one.file === file)) {
      requireOnce(source, patch, ` the expression of ${name}`);
      const otherwise = switches.get(patch.right) ?? `(${patch.right})`;
      switches.set(patch.right, `(${BUG} === ${JSON.stringify(name)} ? (${patch.wrong}) : ${otherwise})`);
    }
  let patched = source;
  for (const [right, switched] of switches) patched = patched.replace(right, () => switched);
  return patched;
}

/** Builds the services, with all switches, into dist/planted/. */
export async function buildPlanted(services: readonly string[]): Promise<void> {
  const planted = new Set(
    Object.values(PLANTED_BUGS).flatMap(({ patches }) => patches.map(({ file }) => file)),
  );
  for (const service of services) {
    const built = await Bun.build({
      entrypoints: [join(ROOT, `services/${service}/src/main.ts`)],
      compile: { outfile: join(PLANTED_DIST, service) },
      minify: true,
      plugins: [
        {
          name: "planted bugs",
          setup(build) {
            build.onLoad({ filter: /\/(services|shared)\/.*\.ts$/ }, async ({ path }) => {
              const file = path.slice(ROOT.length + 1);
              const source = await Bun.file(path).text();
              return { loader: "ts", contents: planted.has(file) ? withSwitches(file, source) : source };
            });
          },
        },
      ],
    });
    if (!built.success) throw new AggregateError(built.logs, `${service} could not be built`);
  }
}
