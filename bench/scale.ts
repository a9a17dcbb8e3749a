// bun bench/scale.ts [--base 1000] [--rounds 7]: what a stored history costs. Three order services on databases of their own, with
// a history of one, ten and a hundred times as many orders and trips of the same customers, couriers and restaurant, are
// measured in turn: the CPU time of the service, and that of its database.
import { moveDocuments } from "@food/shared/storage/archive/move-documents";
import { newId } from "@food/shared/values/id";
import { MongoClient } from "mongodb";
import { historyAt as tripsAt } from "../services/delivery/src/archive/store.ts";
import type { TripDocument } from "../services/delivery/src/trips/trip.ts";
import { keptOf } from "../services/order/src/archive/history.ts";
import { historyAt as ordersAt } from "../services/order/src/archive/store.ts";
import { aQuote, aRequest } from "../services/order/src/orders/order.builder.ts";
import { orExit, readFlags } from "../tools/command-line.ts";
import { inTurns, orderCallers, send } from "./support/order-callers.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { exactCpuMs } from "./support/process-figures.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";
import { binaryOf, startProcess } from "./support/service-process.ts";
import {
  ARCHIVED_DAYS,
  couriers,
  customers,
  fill,
  type History,
  openHistory,
} from "./support/stored-history.ts";

const { base, rounds } = orExit(() => readFlags(Bun.argv.slice(2), { base: 1_000, rounds: 7 }).flags);
const TIMES = [1, 10, 100];
const PAGE = 20;
/** Less than a customer may have open. */
const ORDERS = 40;
const READS = 30;
const TRACKED = 600;
const MOVED = 200;
const BATCH = 100;
/** What reads a part of the history costs ten and a hundred times as much. On a busy machine equal work differs by up to 1.4 times. */
const AT_MOST = 1.5;
/** Less is the work that goes on in the background. */
const LEAST_US = 200;
const QUOTE = aQuote();
const ACTIONS = ["accept", "prepare", "ready", "cancel"];

const callers = await orderCallers(QUOTE);
const { tokens } = callers;

interface Subject {
  url: string;
  history: History;
  /** CPU time of the service and of its database so far, in milliseconds. */
  spent: () => [service: number, database: number];
  stop: () => Promise<void>;
}

async function openSubject(times: number): Promise<Subject> {
  const pids = new Map<string, number>();
  const databases = await ownDatabases({ onStart: ({ name, pid }) => pids.set(name, pid) });
  const name = newId("scale");
  const service = await startProcess([binaryOf("order")], name, databases, {
    ...callers.environment,
    // What a round of planning costs depends on open orders.
    DISPATCH_EVERY_MS: "600000",
  });
  const client = await MongoClient.connect(databases.mongo.url);
  const history = await openHistory(client.db(`bench_${name}`), client.db("delivery"), QUOTE.restaurantId);
  const startedAt = performance.now();
  await fill(history, times * base);
  const seconds = (performance.now() - startedAt) / 1_000;
  say(
    `        ${times * base} orders and trips stored in ${seconds.toFixed(0)} s (${databases.mongo.detail})`,
  );
  const databasePid = pids.get("mongodb");
  if (databasePid === undefined)
    throw new Error(`No process of a MongoDB was started, but ${[...pids.keys()]}`);
  return {
    url: service.url,
    history,
    spent: () => [exactCpuMs(service.pid), exactCpuMs(databasePid)],
    async stop() {
      await client.close();
      await service.stop();
      await databases.stop();
    },
  };
}

const sample = (count: number) =>
  Array.from({ length: count }, (_, i) => customers[i % customers.length] ?? "");

/** A part of a round: the number of its operations, and what makes them. */
type Parts = Record<string, [operations: number, work: () => Promise<unknown>]>;

/** In sequence. */
function requestParts({ url }: Subject): Parts {
  const list = (query: string, token: string) =>
    send(`${url}/internal/orders?limit=${PAGE}&${query}`, token, 200);
  const ofRestaurant = (query: string) => () =>
    inTurns(sample(READS), () => list(`actorId=${QUOTE.restaurantId}&${query}`, tokens.restaurant));
  const requests = sample(ORDERS).map((customerId) => aRequest({ customerId }));
  let placed: { orderId: string }[] = [];
  async function place() {
    placed = await inTurns(requests, (request) =>
      send(`${url}/internal/orders`, tokens.customer, 201, request),
    );
  }
  async function track() {
    const token = await callers.tokenOf(customers[0] ?? "");
    await inTurns(sample(TRACKED), () => send(`${url}/v1/orders/${placed[0]?.orderId}/status`, token, 200));
  }
  const bodyOf = (action: string) => ({
    actorId: QUOTE.restaurantId,
    ...(action === "accept" && { prepMinutes: 15 }),
    ...(action === "cancel" && { reason: "Fire" }),
  });
  const move = () =>
    inTurns(placed, async ({ orderId }) => {
      for (const action of ACTIONS)
        await send(`${url}/internal/orders/${orderId}/${action}`, tokens.restaurant, 200, bodyOf(action));
    });
  return {
    placing: [ORDERS, place],
    "placing again": [ORDERS, place],
    "the kitchen's list": [READS, ofRestaurant("open=true")],
    tracking: [TRACKED, track],
    moves: [ORDERS * ACTIONS.length, move],
    "a customer's history": [
      READS,
      () => inTurns(sample(READS), (id) => list(`actorId=${id}`, tokens.customer)),
    ],
    "the restaurant's history": [READS, ofRestaurant("status=delivered")],
  };
}

const ownWork = ["a courier's trips", "an archive run"] as const;
const isRequest = (part: string) => !ownWork.some((one) => one === part);

/** By this process, as the services do it: only their databases' CPU time is measured. */
function storeParts({ history: { orders, trips } }: Subject): Pick<Parts, (typeof ownWork)[number]> {
  const before = new Date(Date.now() - ARCHIVED_DAYS * 86_400_000);
  const ofOrders = { hot: orders.collection, archive: orders.archive, kept: keptOf, limit: BATCH };
  const ofTrips = { hot: trips.collection, archive: trips.archive, limit: BATCH };
  async function archive() {
    for (let done = 0; done < MOVED; done += BATCH) {
      const { moved } = await moveDocuments({ ...ofOrders, filter: ordersAt(before) });
      const other = await moveDocuments<TripDocument>({
        ...{ ...ofTrips, kept: (trip) => trip },
        filter: tripsAt(before),
      });
      if (moved + other.moved !== 2 * BATCH) throw new Error("Not everything was moved");
    }
  }
  const listed = Array.from({ length: READS }, (_, i) => couriers[i % couriers.length] ?? "");
  return {
    "a courier's trips": [
      READS,
      () => inTurns(listed, (id) => trips.list(id, undefined, PAGE + 1, undefined)),
    ],
    "an archive run": [2 * MOVED, archive],
  };
}

type Costs = Record<string, { service: number[]; database: number[] }>;

async function measure(subject: Subject, costs: Costs, counts: boolean): Promise<void> {
  await subject.history.add(MOVED, ARCHIVED_DAYS + 2, ARCHIVED_DAYS + 1, false);
  for (const [part, [operations, work]] of Object.entries({
    ...requestParts(subject),
    ...storeParts(subject),
  })) {
    const before = subject.spent();
    await work();
    const after = subject.spent();
    if (!counts) continue;
    costs[part] ??= { service: [], database: [] };
    costs[part].service.push(((after[0] - before[0]) * 1_000) / operations);
    costs[part].database.push(((after[1] - before[1]) * 1_000) / operations);
  }
}

const subjects: Subject[] = [];
const costs: Costs[] = TIMES.map(() => ({}));
try {
  for (const times of TIMES) subjects.push(await openSubject(times));
  for (let round = 0; round <= rounds; round++)
    for (const [i, subject] of subjects.entries()) await measure(subject, costs[i] ?? {}, round > 0);
  for (const part of Object.keys(costs[0] ?? {})) {
    const of = (i: number, whose: "service" | "database") => quantile(costs[i]?.[part]?.[whose] ?? [], 0.5);
    for (const whose of ["service", "database"] as const) {
      const shown = TIMES.map((times, i) => `${times * base}: ${of(i, whose).toFixed(0)} µs`).join(", ");
      if (whose === "service" && !isRequest(part)) continue;
      const isLittle = of(0, whose) < LEAST_US;
      say(`        ${part}, CPU of the ${whose}: ${shown}${isLittle ? ": too little to compare" : ""}`);
      if (isLittle) continue;
      for (const [i, times] of TIMES.entries())
        if (i > 0)
          atMost(
            `${part}, ${whose}, ${times} times the history`,
            of(i, whose) / of(0, whose),
            AT_MOST,
            "times",
          );
    }
  }
} finally {
  for (const { stop } of subjects) await stop();
  callers.stop();
}
conclude();
