// Which restaurants may have an enabled endpoint, so that an order of another restaurant writes nothing for webhooks. Each
// replica reads what has changed. While it cannot, every restaurant may have one: then no event is lost, and some outbox
// entries find no endpoint.
import type { Log } from "@food/shared/observe/log";
import { startTicker, type Ticker } from "@food/shared/process/ticker";
import type { EndpointStore } from "./store.ts";

const EVERY_MS = 2_000;
/** From so long after an endpoint was made, all replicas know it. */
const KNOWN_WITHIN_MS = 5_000;
/** For clocks of replicas that differ. */
const OVERLAP_MS = 120_000;

export interface Subscribers extends Ticker {
  mayHave: (restaurantId: string) => boolean;
  add: (restaurantId: string) => void;
  /** Reads the enabled endpoints. A restaurant without any is forgotten until one of its endpoints changes. */
  enabledOf: EndpointStore["enabledOf"];
}

export function startSubscribers(
  endpoints: Pick<EndpointStore, "restaurantsSince" | "enabledOf">,
  log: Log,
): Subscribers {
  const known = new Set<string>();
  let readAt = Number.NEGATIVE_INFINITY;
  let from = new Date(0);
  /** Counts what was added, because a read that began before must not remove it. */
  let additions = 0;

  const add = (restaurantId: string) => {
    known.add(restaurantId);
    additions++;
  };

  const ticker = startTicker("webhook subscribers", EVERY_MS, log, async () => {
    const [startedAt, now] = [performance.now(), Date.now()];
    for (const restaurantId of await endpoints.restaurantsSince(from)) add(restaurantId);
    readAt = startedAt;
    from = new Date(now - OVERLAP_MS);
  });

  return {
    ...ticker,
    add,
    mayHave: (restaurantId) =>
      known.has(restaurantId) || performance.now() - readAt > KNOWN_WITHIN_MS - EVERY_MS,
    async enabledOf(restaurantId) {
      const before = additions;
      const found = await endpoints.enabledOf(restaurantId);
      if (found.length === 0 && additions === before) known.delete(restaurantId);
      return found;
    },
  };
}
