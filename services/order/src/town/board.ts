// The town as last read, shared by all streams of this process. It asks MongoDB and the delivery service about twice a second
// while somebody looks, and never Redis. While one of them does not answer, its part stays as it was, with its age.

import type { CourierOnDuty } from "@food/shared/contracts/trip";
import { type Frame, frameOf } from "@food/shared/live/sse";
import { freshFlight } from "@food/shared/process/single-flight";
import { figuresOf } from "./figures.ts";
import type { Town, TownCourier, TownFigures, TownOrder, TownTrip } from "./schema.ts";
import { courierView, tripView } from "./view.ts";

export interface TownSource {
  /** Open orders, oldest first. Gets those that are known, and returns the same objects for unchanged ones. */
  readOrders: (known: ReadonlyMap<string, TownOrder>) => Promise<{ orders: TownOrder[]; hasMore: boolean }>;
  readCouriers: () => Promise<{ couriers: CourierOnDuty[]; hasMore: boolean }>;
  readClickToDoor: (now: Date) => Promise<TownFigures["clickToDoor"]>;
}

export interface Board {
  followers: Set<(frame: Frame) => void>;
  /** Reads both parts and sends followers what has changed. Throws the first error, after that. */
  refresh: () => Promise<void>;
  /** The town, read within the last second or so. Throws when the orders have never been read. */
  town: () => Promise<Town>;
  /** As last read. */
  shown: () => Town;
}

interface Part<T> {
  at?: Date;
  hasMore: boolean;
  items: T[];
}

interface Shown {
  orders: Map<string, TownOrder>;
  couriers: Map<string, TownCourier>;
  trips: Map<string, TownTrip>;
  figures: TownFigures | undefined;
}

const FRESH_MS = 1_500;

const byId = <T>(items: T[], idOf: (item: T) => string) => new Map(items.map((item) => [idOf(item), item]));

/** What to send to one who has `before`; lists without an entry are left out. */
function listsOf<T>(
  name: string,
  gone: string,
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
) {
  const changed = [...after].flatMap(([id, item]) => (Bun.deepEquals(before.get(id), item) ? [] : [item]));
  const left = [...before.keys()].filter((id) => !after.has(id));
  return { ...(changed.length > 0 && { [name]: changed }), ...(left.length > 0 && { [gone]: left }) };
}

export function newBoard(source: TownSource, clock: () => Date = () => new Date()): Board {
  const followers = new Set<(frame: Frame) => void>();
  const orders: Part<TownOrder> = { hasMore: false, items: [] };
  const couriers: Part<CourierOnDuty> = { hasMore: false, items: [] };
  let shown: Shown = { orders: new Map(), couriers: new Map(), trips: new Map(), figures: undefined };
  let sequence = 0;
  let at = new Date(0);

  async function readOrders() {
    const read = await source.readOrders(shown.orders);
    Object.assign(orders, { items: read.orders, hasMore: read.hasMore, at: clock() });
  }
  async function readCouriers() {
    const read = await source.readCouriers();
    Object.assign(couriers, { items: read.couriers, hasMore: read.hasMore, at: clock() });
  }

  /** Couriers become stale also while nothing new is read. */
  function view(clickToDoor: TownFigures["clickToDoor"]): Shown {
    const seen = couriers.items.map((one) => courierView(one, at));
    return {
      orders: byId(orders.items, ({ orderId }) => orderId),
      couriers: byId(seen, ({ courierId }) => courierId),
      trips: byId(couriers.items.flatMap(tripView), ({ tripId }) => tripId),
      figures: figuresOf(orders.items, seen, clickToDoor),
    };
  }

  const times = () => ({
    ...{ sequence, at: at.toISOString(), ordersAt: (orders.at ?? at).toISOString() },
    ...(couriers.at && { couriersAt: couriers.at.toISOString() }),
    isComplete: !orders.hasMore && !couriers.hasMore,
  });

  const refresh = freshFlight(async () => {
    const [read, ...others] = await Promise.allSettled([
      readOrders(),
      readCouriers(),
      source.readClickToDoor(clock()),
    ]);
    at = clock();
    const [, clickToDoor] = others;
    const before = shown;
    shown = view(clickToDoor.status === "fulfilled" ? clickToDoor.value : before.figures?.clickToDoor);
    sequence += 1;
    const { figures } = shown;
    const changes = {
      ...times(),
      ...listsOf("orders", "endedOrderIds", before.orders, shown.orders),
      ...listsOf("couriers", "goneCourierIds", before.couriers, shown.couriers),
      ...listsOf("trips", "endedTripIds", before.trips, shown.trips),
      ...(!Bun.deepEquals(before.figures, figures) && { figures }),
    };
    if (followers.size > 0) {
      const frame = frameOf({ event: "changes", id: sequence, data: changes });
      for (const follower of followers) follower(frame);
    }
    const failed = [read, ...others].find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  });

  const town = (): Town => ({
    ...times(),
    orders: [...shown.orders.values()],
    couriers: [...shown.couriers.values()],
    trips: [...shown.trips.values()],
    figures: shown.figures ?? figuresOf([], [], undefined),
  });

  return {
    followers,
    refresh,
    shown: town,
    async town() {
      if (clock().getTime() - at.getTime() > FRESH_MS)
        await refresh().catch((error) => {
          if (!orders.at) throw error;
        });
      return town();
    },
  };
}
