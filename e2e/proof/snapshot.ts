// The contents of the databases, read without a proxy. Only the fields that the invariants need.
import { MongoClient } from "mongodb";
import type { Platform } from "../platform.ts";

export interface StoredEvent {
  sequence: number;
  type: string;
  from: string | null;
  to: string;
  actor: { role: string; id?: string };
  reason?: string;
  deliveryId?: string;
  at: Date;
}

export interface StoredItem {
  dishId: string;
  quantity: number;
  unitPriceCents: number;
  options?: { optionId: string; quantity: number; priceCents: number }[];
}

export interface StoredComponent {
  kind: string;
  line?: number;
  optionId?: string;
  quantity?: number;
  unitCents?: number;
  rateBasisPoints?: number;
  included?: boolean;
  amountCents: number;
}

export interface StoredOrder {
  _id: string;
  customerId: string;
  idempotencyKey: string;
  restaurantId: string;
  items: StoredItem[];
  components?: StoredComponent[];
  tipCents?: number;
  subtotalCents: number;
  deliveryFeeCents: number;
  totalCents: number;
  status: string;
  version: number;
  courier?: { courierId: string };
  deliveryId: string;
  /** Its place on its courier's trip. */
  trip?: { tripId: string };
  awaitingCourier: boolean;
  outbox: unknown[];
  outboxDueAt?: Date;
  outboxFailures?: number;
  customerSlot?: number;
  addressKey: string;
  events: StoredEvent[];
}

export interface StoredDelivery {
  deliveryId: string;
  orderId: string;
  slot: number;
  live: boolean;
  status: string;
  /** Whether the delivery knows that the food is ready. */
  ready: boolean;
  assignedAt: Date;
  pickedUpAt?: Date;
  endedAt?: Date;
}

export interface StoredTrip {
  _id: string;
  courierId?: string;
  live: boolean;
  open: boolean;
  capacity: number;
  liveOrderIds: string[];
  deliveries: StoredDelivery[];
  assignedAt: Date;
  endedAt?: Date;
}

/** All deliveries, each with its trip's id and courier. */
export const deliveriesIn = (trips: readonly StoredTrip[]) =>
  trips.flatMap(({ _id: tripId, courierId, deliveries }) =>
    deliveries.map((delivery) => ({ ...delivery, tripId, courierId })),
  );

export interface StoredCourier {
  _id: string;
  claim: { tripId: string } | null;
}

export interface Snapshot {
  orders: StoredOrder[];
  trips: StoredTrip[];
  couriers: StoredCourier[];
  /** The orders that are listed as open, by restaurant and by address. */
  listed: { _id: string; open: { orderId: string }[] }[];
  /** The unique indexes, as `collection: key filter`. */
  uniqueIndexes: string[];
}

export interface Databases {
  read: () => Promise<Snapshot>;
  close: () => Promise<void>;
}

export async function openDatabases({ mongoUrls }: Platform): Promise<Databases> {
  const [orderClient, deliveryClient] = await Promise.all([
    MongoClient.connect(mongoUrls.order),
    MongoClient.connect(mongoUrls.delivery),
  ]);
  const orders = orderClient.db().collection<StoredOrder>("orders");
  const lists = orderClient.db().collection<Snapshot["listed"][number]>("open_orders");
  const trips = deliveryClient.db().collection<StoredTrip>("trips");
  const couriers = deliveryClient.db().collection<StoredCourier>("couriers");

  return {
    async read() {
      const indexes = await Promise.all([orders.indexes(), trips.indexes()]);
      // Orders first: when an order's outbox is empty, the delivery that is read later must have its messages.
      const foundOrders = await orders.find({ status: { $exists: true } }).toArray();
      const [listed, foundTrips, foundCouriers] = await Promise.all([
        lists.find().toArray(),
        trips.find().toArray(),
        couriers.find().project<StoredCourier>({ claim: 1 }).toArray(),
      ]);
      const uniqueIndexes = ["orders", "trips"].flatMap((collection, i) =>
        (indexes[i] ?? [])
          .filter(({ unique }) => unique)
          .map(({ key, partialFilterExpression = "all" }) =>
            [`${collection}:`, JSON.stringify(key), JSON.stringify(partialFilterExpression)].join(" "),
          ),
      );
      return { orders: foundOrders, listed, trips: foundTrips, couriers: foundCouriers, uniqueIndexes };
    },
    close: async () => {
      await Promise.all([orderClient.close(), deliveryClient.close()]);
    },
  };
}
