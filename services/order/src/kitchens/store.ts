// How late each kitchen was compared with its promises: one document for each restaurant.
import { inBackground, outsideRequests } from "@food/shared/observe/request-scope";
import type { AnyBulkWriteOperation, Db } from "mongodb";
import { type KitchenHabit, REMEMBERED_MAX } from "../planning/kitchen-habit.ts";

interface KitchenDocument extends KitchenHabit {
  _id: string;
}

const STORED_WITHIN_MS = 1_000;
const CACHED_MS = 60_000;
const CACHED_MAX = 10_000;

export type KitchenStore = ReturnType<typeof kitchenStore>;

export function kitchenStore(db: Db) {
  const kitchens = db.collection<KitchenDocument>("kitchens");
  const cached = new Map<string, { habit: KitchenHabit | undefined; readAt: number }>();
  let learned: AnyBulkWriteOperation<KitchenDocument>[] = [];

  function store() {
    const updates = learned;
    learned = [];
    inBackground(() => kitchens.bulkWrite(updates, { ordered: false }).catch(() => undefined));
  }

  return {
    /** Adds the lateness of one order. Those of a second are one write. Losing some does not matter. */
    learn(restaurantId: string, orderLateMs: number) {
      if (learned.length === 0) setTimeout(outsideRequests(store), STORED_WITHIN_MS).unref();
      const update = { $push: { lateMs: { $each: [orderLateMs], $slice: -REMEMBERED_MAX } } };
      learned.push({ updateOne: { filter: { _id: restaurantId }, update, upsert: true } });
    },

    /** Habits by restaurant id; a restaurant without one is left out. Cached for a minute, because habits change slowly and
     * rounds are frequent. */
    async habitsOf(restaurantIds: string[]): Promise<Map<string, KitchenHabit>> {
      const freshFrom = Date.now() - CACHED_MS;
      const missing = restaurantIds.filter((id) => (cached.get(id)?.readAt ?? 0) < freshFrom);
      if (missing.length > 0) {
        if (cached.size > CACHED_MAX) cached.clear();
        const found = await kitchens.find({ _id: { $in: missing } }).toArray();
        const habits = new Map(found.map((kitchen) => [kitchen._id, kitchen]));
        for (const id of missing) cached.set(id, { habit: habits.get(id), readAt: Date.now() });
      }
      return new Map(
        restaurantIds.flatMap((id) => {
          const habit = cached.get(id)?.habit;
          return habit ? [[id, habit] as const] : [];
        }),
      );
    },
  };
}
