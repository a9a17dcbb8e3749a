// Orders are spread over the shards by their customers. This collection lists the open ones by restaurant and by address, one
// document each, so that a restaurant's list asks only the shards of its open orders, and that the limit of an address is one
// conditional write. An order is listed before it is stored, and taken off some time after its end (free-slots.ts).
import { duplicateKeyOf, ensureTtlIndex } from "@food/shared/storage/mongo";
import { oneOfKeys, shardKeyOf } from "@food/shared/storage/shard-key";
import { digestOf } from "@food/shared/values/id";
import { type Db, MongoBulkWriteError } from "mongodb";

export interface OpenOrder {
  orderId: string;
  at: Date;
}

interface OpenOrders {
  /** The restaurant, or a digest of the address. */
  _id: string;
  /** In the sequence in which they were listed. */
  open: OpenOrder[];
  /** Only of an address: a month after its last order. */
  expiresAt?: Date;
}

/** The restaurant and the address of an order. */
export interface Ends {
  restaurantId: string;
  addressKey: string;
}

const KEPT_MS = 30 * 86_400_000;

const idOfAddress = (addressKey: string) => `address:${digestOf(addressKey)}`;

export type OpenOrderStore = ReturnType<typeof openOrderStore>;

export function openOrderStore(db: Db) {
  const lists = db.collection<OpenOrders>("open_orders");
  return {
    ensureIndexes: () =>
      ensureTtlIndex(db, lists.collectionName, { field: "expiresAt", seconds: 0, name: "expiry" }),

    /** The orders that are listed for these. Some of them have ended. */
    async of({ restaurantId, addressKey }: Ends) {
      const found = await lists.find({ _id: { $in: [restaurantId, idOfAddress(addressKey)] } }).toArray();
      const openOf = (id: string) => found.find(({ _id }) => _id === id)?.open ?? [];
      return { ofRestaurant: openOf(restaurantId), toAddress: openOf(idOfAddress(addressKey)) };
    },

    /** The number of orders that are listed for these. Unlike the lists, it does not grow. */
    async counts({ restaurantId, addressKey }: Ends) {
      const found = await lists
        .find({ _id: { $in: [restaurantId, idOfAddress(addressKey)] } })
        .project<{ _id: string; count: number }>({ _id: 1, count: { $size: "$open" } })
        .toArray();
      const countOf = (id: string) => found.find(({ _id }) => _id === id)?.count ?? 0;
      return { ofRestaurant: countOf(restaurantId), toAddress: countOf(idOfAddress(addressKey)) };
    },

    /** Lists an order. Returns false when the address has as many as it may. */
    async add(orderId: string, { restaurantId, addressKey }: Ends, max: number, now: Date): Promise<boolean> {
      const $push = { open: { orderId, at: now } };
      const $set = { expiresAt: new Date(now.getTime() + KEPT_MS) };
      const hasRoom = { _id: idOfAddress(addressKey), [`open.${max - 1}`]: { $exists: false } };
      try {
        await lists.bulkWrite([
          { updateOne: { filter: hasRoom, update: { $push, $set }, upsert: true } },
          { updateOne: { filter: { _id: restaurantId }, update: { $push }, upsert: true } },
        ]);
        return true;
      } catch (error) {
        // Without room the filter finds no document, and the upsert one with its id. Or another request made it meanwhile.
        if (error instanceof MongoBulkWriteError && duplicateKeyOf(error) !== undefined) return false;
        throw error;
      }
    },

    async remove(orderIds: string[], { restaurantId, addressKey }: Ends): Promise<void> {
      await lists.updateMany(
        { _id: { $in: [restaurantId, idOfAddress(addressKey)] } },
        { $pull: { open: { orderId: { $in: orderIds } } } },
      );
    },

    /** The condition on the shard keys of the restaurant's open orders. */
    async keysOf(restaurantId: string) {
      const found = await lists.findOne({ _id: restaurantId }, { projection: { "open.orderId": 1 } });
      return oneOfKeys((found?.open ?? []).map(({ orderId }) => shardKeyOf(orderId)));
    },
  };
}
