// A database with a long history: orders and trips that ended in the last year, a quarter of them not yet in the archives.
import { newIdOfOwner, shardOf } from "@food/shared/storage/shard-key";
import { newId } from "@food/shared/values/id";
import type { Db } from "mongodb";
import { aDoneTrip } from "../../services/delivery/src/archive/archive.builder.ts";
import { type TripStore, tripStore } from "../../services/delivery/src/trips/store.ts";
import { aDoneOrder } from "../../services/order/src/archive/archive.builder.ts";
import { keptOf } from "../../services/order/src/archive/history.ts";
import { type OrderStore, orderStore } from "../../services/order/src/orders/store.ts";

export const ARCHIVED_DAYS = 90;
const DAYS = 360;
const BATCH = 1_000;

/** The same actors have all of the history, however long it is. */
export const customers = Array.from({ length: 10 }, () => newId("cus"));
export const couriers = Array.from({ length: 8 }, () => newId("crr"));

export interface History {
  orders: OrderStore;
  trips: TripStore;
  /** Adds that many orders and trips of these ages, the oldest first. */
  add: (count: number, fromDays: number, toDays: number, isArchived: boolean) => Promise<void>;
}

export async function openHistory(db: Db, deliveryDb: Db, restaurantId: string): Promise<History> {
  const [orders, trips] = [orderStore(db), tripStore(deliveryDb)];
  await Promise.all([orders.ensureIndexes(), trips.ensureIndexes()]);
  return {
    orders,
    trips,
    async add(count, fromDays, toDays, isArchived) {
      for (let done = 0; done < count; done += BATCH) {
        const ages = Array.from(
          { length: Math.min(BATCH, count - done) },
          (_, i) => fromDays - ((fromDays - toDays) * (done + i)) / count,
        );
        const orderDocuments = ages.map((days, i) => {
          const customerId = customers[(done + i) % customers.length] ?? "";
          const _id = newIdOfOwner("ord", customerId, Date.now() - days * 86_400_000);
          const mine = { _id, ...shardOf(customerId), customerId, restaurantId, idempotencyKey: _id };
          return keptOf(aDoneOrder(days, mine));
        });
        const ended = ages.map((days, i) =>
          aDoneTrip(days, { courierId: couriers[(done + i) % couriers.length] ?? "" }),
        );
        await Promise.all([
          (isArchived ? orders.archive : orders.collection).insertMany(orderDocuments),
          (isArchived ? trips.archive : trips.collection).insertMany(ended),
        ]);
      }
    },
  };
}

export async function fill({ add }: History, count: number): Promise<void> {
  const recent = Math.round((count * ARCHIVED_DAYS) / DAYS);
  await add(count - recent, DAYS, ARCHIVED_DAYS, true);
  // Younger than what an archive run takes, older than today's.
  await add(recent, ARCHIVED_DAYS - 1, 1, false);
}
