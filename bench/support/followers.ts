// Clients that follow orders: the events that each received, and after how long.
import { Redis } from "ioredis";
import type { OrderDocument } from "../../services/order/src/orders/order.ts";
import { type ManyStreams, openManyStreams } from "../../shared/testing/many-streams.ts";
import type { OrderReplica } from "./order-replica.ts";

export interface Followers extends ManyStreams {
  connectedInMs: number;
  /** The event ids that each follower received, in order. */
  ids: number[][];
  /** From the time in each change to its arrival here. */
  latenciesMs: number[];
}

/** Follower `i` follows order `i` modulo their number. */
export async function followAll(
  replica: OrderReplica,
  orders: OrderDocument[],
  count: number,
): Promise<Followers> {
  const tokens = new Map<string, string>();
  for (const { customerId } of orders)
    if (!tokens.has(customerId)) tokens.set(customerId, await replica.customerToken(customerId));
  const orderOf = (index: number) => orders[index % orders.length] as OrderDocument;
  const ids: number[][] = Array.from({ length: count }, () => []);
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const streams = await openManyStreams({
    url: replica.url,
    count,
    atOnce: 400,
    tries: 20,
    pathOf: (index) => `/v1/orders/${orderOf(index)._id}/events`,
    headersOf: (index) => ({ authorization: `Bearer ${tokens.get(orderOf(index).customerId)}` }),
    onEvent(index, block) {
      const id = /\nid: (\d+)/.exec(block)?.[1];
      if (id) ids[index]?.push(Number(id));
      const at = block.startsWith("event: status") && /"at":"([^"]+)"/.exec(block)?.[1];
      if (at) latenciesMs.push(Date.now() - Date.parse(at));
    },
  });
  return { ...streams, connectedInMs: performance.now() - startedAt, ids, latenciesMs };
}

/** The number of order channels with subscribers in Redis. */
export async function subscriptions(redisUrl: string): Promise<number> {
  const redis = new Redis(redisUrl);
  const channels = (await redis.pubsub("CHANNELS", "live:order:*")) as string[];
  redis.disconnect();
  return channels.length;
}

/** Waits for a condition; false when it does not hold in time. */
export async function within(ms: number, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    if (await holds()) return true;
    await Bun.sleep(20);
  }
  return false;
}
