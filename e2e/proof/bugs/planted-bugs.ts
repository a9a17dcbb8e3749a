// Bugs put in on purpose, to see that the proof finds them. They exist only in binaries built here: a build of the
// services in which each of these expressions is a switch between what it is and what a tired programmer might have
// written. The file in PLANTED_BUG_FILE names the bug, and may change while the processes run. No source of a service
// knows of it.
import { join, resolve } from "node:path";

interface Patch {
  file: string;
  /** An expression that stands exactly once in the file. */
  right: string;
  wrong: string;
}

/** What brings a bug to light for certain; see `staged.ts`. */
export type SceneName =
  | "empty books"
  | "overtaken write"
  | "one key twice"
  | "lost insert"
  | "lost change"
  | "lost news"
  | "repeated news"
  | "doubled rounds"
  | "late joins"
  | "two leaders"
  | "paused holders";

export interface PlantedBug {
  what: string;
  /** The invariant that must be seen broken. */
  breaks: RegExp;
  scene: SceneName;
  /** It shows in the indexes, which a process creates when it starts. */
  inIndexes?: true;
  /** Kinds of trouble with which chaos finds it, too. */
  chaos?: "any" | string[];
  patches: Patch[];
}

const ORDER = "services/order/src";
const DELIVERY = "services/delivery/src";

/** Nothing is left to be told, and the delivery stands otherwise than its order: that will stay so. */
const TOLD_OTHERWISE = /^I6 (ord_.* and its delivery |dlv_.* is over)/;

const BLIND_CHANGE: Patch = {
  file: `${ORDER}/orders/store.ts`,
  right: "{ _id: order._id, status: order.status, version: order.version }",
  wrong: "{ _id: order._id }",
};
const BLIND_ORDER: Patch = {
  file: `${ORDER}/dispatch/write-outcome.ts`,
  right: "order?.awaitingCourier === true && order.deliveryId === deliveryId",
  wrong: "order !== null",
};
/** Neither the lock nor the lease keeps a second process from a region. */
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
const NO_COURIER_INDEX: Patch = {
  file: `${DELIVERY}/trips/store.ts`,
  right: "{ key: { courierId: 1 }, name: INDEX.courier, ...whileLive }",
  wrong: "{ key: { courierId: 1 }, name: INDEX.courier }",
};

export const PLANTED_BUGS: Record<string, PlantedBug> = {
  "change-without-condition": {
    what: "an order is changed whatever has happened to it since it was read",
    breaks: /^I5 |^I7 .*was told/,
    scene: "overtaken write",
    chaos: "any",
    patches: [BLIND_CHANGE],
  },
  "key-index-dropped": {
    what: "nothing but the lock keeps two orders under one key apart",
    chaos: ["redisForAll", "redisEmptied", "network"],
    breaks: /^I4 /,
    scene: "one key twice",
    inIndexes: true,
    patches: [
      {
        file: `${ORDER}/orders/store.ts`,
        right: "{ key: { customerId: 1, idempotencyKey: 1 }, name: INDEX.once, unique: true }",
        wrong: "{ key: { customerId: 1, idempotencyKey: 1 }, name: INDEX.once }",
      },
    ],
  },
  "order-index-dropped": {
    what: "nothing but the reading before keeps two live trips of one order apart",
    breaks: /^I1 the unique index trips: {"liveOrderIds/,
    scene: "empty books",
    inIndexes: true,
    patches: [
      {
        file: `${DELIVERY}/trips/store.ts`,
        right: "{ key: { liveOrderIds: 1 }, name: INDEX.order, ...whileLive }",
        wrong: "{ key: { liveOrderIds: 1 }, name: INDEX.order }",
      },
    ],
  },
  "courier-index-dropped": {
    what: "nothing but the claim keeps two live trips of one courier apart",
    breaks: /^I1 the unique index trips: {"courierId/,
    scene: "empty books",
    inIndexes: true,
    patches: [NO_COURIER_INDEX],
  },
  "answered-before-written": {
    what: "an order is answered as placed while it is still being written",
    chaos: ["orderDatabase"],
    breaks: /^I3 .*not there|^I4 /,
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
    what: "two processes plan for one region at once",
    breaks: /planned for twice at once/,
    scene: "doubled rounds",
    patches: NO_LEASE,
  },
  "outbox-entry-not-recorded": {
    what: "the delivery service is not told how an order goes on",
    breaks: TOLD_OTHERWISE,
    scene: "lost news",
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
    what: "an outbox entry is struck off before the receiver has taken it",
    chaos: ["lostNews"],
    breaks: TOLD_OTHERWISE,
    scene: "lost news",
    patches: [
      {
        file: "shared/src/outbox/outbox.ts",
        right: "await deliver(_id, entry)",
        wrong:
          "(await collection.updateOne(at({ _id }), set({ $pull: { outbox: { id: entry.id } } })), await deliver(_id, entry))",
      },
    ],
  },
  "no-dedupe": {
    what: "a delivery takes in what it has been told before, however old",
    breaks: TOLD_OTHERWISE,
    scene: "repeated news",
    patches: [
      {
        file: `${DELIVERY}/trips/store.ts`,
        right: "{ $elemMatch: behind }",
        wrong: "{ $elemMatch: { deliveryId, ...(!isLive(status) && { live: true }) } }",
      },
    ],
  },
  "retried-without-key": {
    what: "the front door makes up a key of its own for every try",
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
    what: "followers are told before the database has agreed",
    chaos: ["orderDatabase"],
    breaks: /^I7 .*was told/,
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
    what: "only the lock keeps a courier from two orders: no condition on the claim, no index",
    breaks: /at once/,
    scene: "paused holders",
    inIndexes: true,
    patches: [
      {
        file: `${DELIVERY}/couriers/store.ts`,
        right: "{ _id: courierId, ...free() }",
        wrong: "{ _id: courierId }",
      },
      NO_COURIER_INDEX,
    ],
  },
  "joins-after-pickup": {
    what: "an order joins a trip whose food is on its way",
    breaks: /^I10 .* after its pickup/,
    scene: "late joins",
    patches: [
      {
        file: `${DELIVERY}/trips/store.ts`,
        right: "{ _id: trip._id, version: trip.version, live: true, open: true }",
        wrong: "{ _id: trip._id, live: true }",
      },
      { file: `${DELIVERY}/trips/assign-trips.ts`, right: "!trip?.open", wrong: "!trip" },
    ],
  },
  "slot-used-twice": {
    what: "an order that joins a trip gets the place of another one",
    breaks: /^I10 .* uses a slot twice/,
    scene: "late joins",
    patches: [{ file: `${DELIVERY}/trips/store.ts`, right: "size + i", wrong: "i" }],
  },
  "held-order-committed-twice": {
    what: "an order that was held is given out by a round that does not see that another has done so",
    breaks: /^I1 .*assigned to/,
    scene: "two leaders",
    patches: [...NO_LEASE, BLIND_ORDER],
  },
  "two-leaders-blindly": {
    what: "two processes plan for one region, and each writes its plan over the other's",
    breaks: /^I1 .*assigned to|^I5 /,
    scene: "two leaders",
    patches: [...NO_LEASE, BLIND_ORDER, BLIND_CHANGE],
  },
};

const ROOT = resolve(import.meta.dir, "../../..");
export const PLANTED_DIST = join(ROOT, "dist/planted");

const BUG = 'process.getBuiltinModule("node:fs").readFileSync(process.env.PLANTED_BUG_FILE, "utf8")';

/** The source with every patch as a switch. Throws when an expression is not there exactly once: then the code has
 * moved on and its bug must follow. */
export function withSwitches(file: string, source: string): string {
  const switches = new Map<string, string>();
  for (const [name, { patches }] of Object.entries(PLANTED_BUGS))
    for (const patch of patches.filter((one) => one.file === file)) {
      if (source.split(patch.right).length !== 2)
        throw new Error(`${file} does not have exactly once what ${name} is planted in: ${patch.right}`);
      const otherwise = switches.get(patch.right) ?? `(${patch.right})`;
      switches.set(patch.right, `(${BUG} === ${JSON.stringify(name)} ? (${patch.wrong}) : ${otherwise})`);
    }
  let patched = source;
  for (const [right, switched] of switches) patched = patched.replace(right, () => switched);
  return patched;
}

/** Builds the services with the switches into dist/planted/. */
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
