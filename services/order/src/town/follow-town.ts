// The streams of the town: a snapshot, then twice a second what has changed. All share one board.
import type { CourierOnDuty } from "@food/shared/contracts/trip";
import {
  type EventStreamDeps,
  eventStream,
  type Frame,
  frameOf,
  type StreamCaller,
} from "@food/shared/live/sse";
import type { Log } from "@food/shared/observe/log";
import { startTicker } from "@food/shared/process/ticker";
import { newBoard, type TownSource } from "./board.ts";
import { clickToDoorOf } from "./figures.ts";
import type { Town, TownFigures, TownOrder } from "./schema.ts";
import type { TownStore } from "./store.ts";
import { orderView } from "./view.ts";

const EVERY_MS = 500;
/** The board shows at most this many orders. */
export const ORDERS_MAX = 2_000;
const HOUR_MS = 3_600_000;
const CLICK_TO_DOOR_EVERY_MS = 30_000;

export interface TownDeps {
  store: TownStore;
  couriersOnDuty: () => Promise<{ couriers: CourierOnDuty[]; hasMore: boolean }>;
  log: Log;
  /** For tests. */
  townEveryMs?: number;
}

/** Reads an order only when its version or estimate has changed. */
export function sourceOf({ store, couriersOnDuty }: Pick<TownDeps, "store" | "couriersOnDuty">): TownSource {
  let clickToDoor: TownFigures["clickToDoor"];
  return {
    async readOrders(known) {
      const found = await store.openVersions(ORDERS_MAX + 1);
      const open = found.slice(0, ORDERS_MAX);
      const isKnown = ({ _id, version, estimatedDeliveryAt }: (typeof open)[number]) => {
        const order = known.get(_id);
        return order?.version === version && order.estimatedDeliveryAt === estimatedDeliveryAt.toISOString();
      };
      const changed = open.filter((one) => !isKnown(one)).map(({ _id }) => _id);
      const read = changed.length > 0 ? await store.findAll(changed) : [];
      const views = new Map(read.map((order) => [order._id, orderView(order)]));
      const orders = open.flatMap(({ _id }) => views.get(_id) ?? known.get(_id) ?? []);
      const byPlacing = (one: TownOrder, other: TownOrder) => (one.orderId < other.orderId ? -1 : 1);
      return { orders: orders.sort(byPlacing), hasMore: found.length > ORDERS_MAX };
    },
    readCouriers: couriersOnDuty,
    async readClickToDoor(now) {
      if (clickToDoor && now.getTime() - Date.parse(clickToDoor.at) < CLICK_TO_DOOR_EVERY_MS)
        return clickToDoor;
      clickToDoor = clickToDoorOf(await store.clickToDoorMs(new Date(now.getTime() - HOUR_MS)), now);
      return clickToDoor;
    },
  };
}

export interface TownStreams {
  /** Throws 503 when the orders have never been read, and 429 or 503 when too many streams are open. */
  follow: (deps: EventStreamDeps, caller: StreamCaller) => Promise<Response>;
  town: () => Promise<Town>;
  stop: () => Promise<void>;
}

export function startTown(deps: TownDeps): TownStreams {
  const board = newBoard(sourceOf(deps));
  const ticking = startTicker("town", deps.townEveryMs ?? EVERY_MS, deps.log, async () => {
    if (board.followers.size > 0) await board.refresh();
  });
  return {
    async follow(streams, caller) {
      await board.town();
      return eventStream(streams, caller, (sink) => {
        const follower = (frame: Frame) => sink.send(frame);
        const town = board.shown();
        sink.send(frameOf({ event: "snapshot", id: town.sequence, data: town }));
        board.followers.add(follower);
        return () => {
          board.followers.delete(follower);
        };
      });
    },
    town: board.town,
    stop: ticking.stop,
  };
}
