// bun bench/routes.ts [--orders 200] [--rounds 5]: the CPU time of placing, moving and tracking an order, in the order service
// and in the peers that do the same in Go and on Fastify (bench/peers). All use the same databases and the same downstream
// services, which this process replaces. They are measured in turn. The order service also looks for a courier for each
// order; the peers do not.
import { newId } from "@food/shared/values/id";
import { aQuote, aRequest } from "../services/order/src/orders/order.builder.ts";
import { orExit, readFlags } from "../tools/command-line.ts";
import { peersIn, startPeer } from "./peers/start.ts";
import { inTurns, orderCallers, send } from "./support/order-callers.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { cpuMs } from "./support/process-figures.ts";
import { startReaders } from "./support/readers.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";
import { binaryOf, type Started, startProcess } from "./support/service-process.ts";

const { orders: ORDERS, rounds: ROUNDS } = orExit(
  () => readFlags(Bun.argv.slice(2), { orders: 200, rounds: 5 }).flags,
);
const READERS = 16;
const READS = 20 * ORDERS;
const ACTIONS = ["accept", "prepare", "ready"];
const QUOTE = aQuote();
const OWN = "order service";

const databases = await ownDatabases();
const callers = await orderCallers(QUOTE);
const { tokens } = callers;

interface Subject {
  name: string;
  process: Started;
  microseconds: { placing: number[]; moves: number[]; tracking: number[] };
}

async function costOf<T>({ process }: Subject, work: () => Promise<T>): Promise<[number, T]> {
  const before = cpuMs(process.pid);
  const result = await work();
  return [(cpuMs(process.pid) - before) * 1_000, result];
}

const move = ({ process }: Subject, orderId: string, action: string, input: object = {}) =>
  send(`${process.url}/internal/orders/${orderId}/${action}`, tokens.restaurant, 200, {
    actorId: QUOTE.restaurantId,
    ...input,
  });

async function measure(subject: Subject, counts: boolean): Promise<void> {
  const { url } = subject.process;
  const requests = Array.from({ length: ORDERS }, () => aRequest());
  const place = (request: (typeof requests)[number]) =>
    send(`${url}/internal/orders`, tokens.customer, 201, request);
  const [placing, placed] = await costOf(subject, () => inTurns(requests, place));
  const [moves, moved] = await costOf(subject, () =>
    inTurns(placed, async ({ orderId }) => {
      let last = "";
      for (const action of ACTIONS)
        last = (await move(subject, orderId, action, action === "accept" ? { prepMinutes: 15 } : {})).status;
      return last;
    }),
  );
  // The peers' behaviour is the service's: the same price, the same end, the same order for the same key.
  const [first] = placed;
  const [request] = requests;
  if (!first || !request) throw new Error("No order was placed");
  const total = 2 * (QUOTE.items[0]?.unitPriceCents ?? 0) + QUOTE.deliveryFeeCents;
  if (placed.some(({ totalCents }) => totalCents !== total)) throw new Error("A price is wrong");
  if (moved.some((status) => status !== "ready")) throw new Error("An order is not ready");
  if ((await place(request)).orderId !== first.orderId) throw new Error("A key placed two orders");

  const token = await callers.tokenOf(request.customerId);
  const [tracking, answered] = await costOf(subject, async () => {
    const headers = { authorization: `Bearer ${token}` };
    const readers = startReaders(`${url}/v1/orders/${first.orderId}/status`, READERS, headers);
    while (readers.answered() < READS) await Bun.sleep(2);
    if (readers.failed() > 0) throw new Error(`${readers.failed()} answers were not 200`);
    readers.stop();
    return readers.answered();
  });
  // The more orders wait for a courier, the more a round of the dispatcher costs.
  if (subject.name === OWN)
    await inTurns(placed, ({ orderId }) => move(subject, orderId, "cancel", { reason: "other" }));
  if (!counts) return;
  subject.microseconds.placing.push(placing / ORDERS);
  subject.microseconds.moves.push(moves / (ORDERS * ACTIONS.length));
  subject.microseconds.tracking.push(tracking / answered);
}

const subjects: Subject[] = [];
const add = (name: string, process: Started) =>
  subjects.push({ name, process, microseconds: { placing: [], moves: [], tracking: [] } });
try {
  add(OWN, await startProcess([binaryOf("order")], `routes_${newId("b")}`, databases, callers.environment));
  for (const peer of await peersIn(databases.folder))
    add(peer.name, await startPeer(peer, databases, callers.environment));
  for (let round = 0; round <= ROUNDS; round++)
    for (const subject of subjects) await measure(subject, round > 0);
  const bars: Record<string, number> = { Go: 1.3, Fastify: 0.7 };
  for (const part of ["placing", "moves", "tracking"] as const) {
    const [own = 0, ...others] = subjects.map(({ microseconds }) => quantile(microseconds[part], 0.5));
    const all = subjects.map(({ name }, i) => `${name} ${[own, ...others][i]?.toFixed(0)} µs`);
    say(`        ${part}: ${all.join(", ")}`);
    for (const [i, { name }] of subjects.slice(1).entries())
      atMost(`${part} against ${name}`, own / (others[i] ?? 0), bars[name] ?? 0, "times");
  }
} finally {
  for (const { process } of subjects) await process.stop();
  callers.stop();
  await databases.stop();
}
conclude();
