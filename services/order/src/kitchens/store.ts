// How late each kitchen has been against its promises: one document per restaurant.
import type { Db } from "mongodb";
import { type KitchenHabit, REMEMBERED_MAX } from "../planning/kitchen-habit.ts";

interface KitchenDocument extends KitchenHabit {
  _id: string;
}

export type KitchenStore = ReturnType<typeof kitchenStore>;

export function kitchenStore(db: Db) {
  const kitchens = db.collection<KitchenDocument>("kitchens");
  return {
    /** Adds one order in one write. */
    learn: (restaurantId: string, orderLateMs: number) =>
      kitchens.updateOne(
        { _id: restaurantId },
        { $push: { lateMs: { $each: [orderLateMs], $slice: -REMEMBERED_MAX } } },
        { upsert: true },
      ),

    /** Restaurants without a record are left out. */
    async habitsOf(restaurantIds: string[]): Promise<Map<string, KitchenHabit>> {
      const found = await kitchens.find({ _id: { $in: restaurantIds } }).toArray();
      return new Map(found.map((kitchen) => [kitchen._id, kitchen]));
    },
  };
}
