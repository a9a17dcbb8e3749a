// The messages to endpoints, and whose turn it is. Each endpoint has two slots, so that it gets at most two requests at once,
// from all replicas together. A replica leases a slot and sends one message. All messages of an order are in one slot, so
// that none overtakes another.
import type { TraceHeaders } from "@food/shared/observe/trace-context";
import { duplicateKeyOf, ensureTtlIndex } from "@food/shared/storage/mongo";
import type { Db, Filter } from "mongodb";
import type { WebhookMessageStatus } from "../schema.ts";
import type { Attempt } from "../sending/post.ts";

export interface Message {
  _id: string;
  webhookId: string;
  slot: string;
  type: string;
  /** The body, as it is signed and sent. */
  payload: string;
  orderId?: string;
  /** Its place among the order's messages. A message that is replayed has none: it waits for no other. */
  sequence?: number;
  status: WebhookMessageStatus;
  attempts: number;
  /** Since it was made or replayed. */
  failures: number;
  createdAt: Date;
  /** The write that caused it. Messages of an older version have none. */
  trace?: TraceHeaders;
  /** Set while it is pending. */
  dueAt?: Date;
  lastAttemptAt?: Date;
  last?: Attempt | { error: "disabled" };
}

export interface Slot {
  _id: string;
  /** Unset when it has no pending message. */
  dueAt?: Date;
  leasedUntil?: Date;
  /** Whether its last attempt failed. */
  failing?: boolean;
}

/** A slot that this process has until then. */
export type LeasedSlot = Slot & { leasedUntil: Date };

export type MessageStore = ReturnType<typeof messageStore>;

/** Longer than any attempt takes, with the reads and writes around it. */
export const LEASE_MS = 30_000;
const KEPT_DAYS = 30;
const SLOTS = 2;
/** Messages that wait for earlier ones and are put off in one turn. */
const PUT_OFF_MAX = 50;

const slotsOf = (webhookId: string) => Array.from({ length: SLOTS }, (_, i) => `${webhookId}:${i}`);
/** The same for all messages of a lane. */
export const slotFor = (webhookId: string, lane: string): string =>
  `${webhookId}:${Bun.hash.crc32(lane) % SLOTS}`;
export const webhookOf = ({ _id }: Slot): string => _id.split(":")[0] ?? "";

const later = (one: Date, other: Date) => (one > other ? one : other);
const PENDING = { dueAt: { $exists: true } };

export function messageStore(db: Db) {
  const messages = db.collection<Message>("webhook_messages");
  const slots = db.collection<Slot>("webhook_slots");
  const partial = { partialFilterExpression: PENDING };

  const wakeSlots = (ids: string[], now: Date) =>
    slots.bulkWrite(
      [...new Set(ids)].map((_id) => ({
        updateOne: { filter: { _id }, update: { $min: { dueAt: now } }, upsert: true },
      })),
      { ordered: false },
    );

  const firstOf = (filter: Filter<Message>, by: "dueAt" | "sequence") =>
    messages.findOne(filter, { sort: { [by]: 1 } });

  return {
    async ensureIndexes() {
      await messages.createIndexes([
        { key: { webhookId: 1, _id: -1 }, name: "webhook" },
        { key: { slot: 1, dueAt: 1 }, name: "due", ...partial },
        { key: { slot: 1, orderId: 1, sequence: 1 }, name: "lane", ...partial },
      ]);
      await slots.createIndex({ dueAt: 1 }, { name: "due", ...partial });
      const seconds = KEPT_DAYS * 86_400;
      await ensureTtlIndex(db, "webhook_messages", { field: "createdAt", seconds, name: "kept" });
    },

    /** Messages that exist already are left as they are. */
    async add(added: Message[], now: Date): Promise<void> {
      try {
        await messages.insertMany(added, { ordered: false });
      } catch (error) {
        if (duplicateKeyOf(error) === undefined) throw error;
      }
      await wakeSlots(
        added.map(({ slot }) => slot),
        now,
      );
    },

    find: (webhookId: string, messageId: string) => messages.findOne({ _id: messageId, webhookId }),

    /** Newest first, from after the cursor. */
    list: (webhookId: string, limit: number, afterId?: string) =>
      messages
        .find({ webhookId, ...(afterId && { _id: { $lt: afterId } }) })
        .sort({ _id: -1 })
        .limit(limit)
        .toArray(),

    /** Makes an ended message pending again. Null when there is none. */
    async replay(webhookId: string, messageId: string, now: Date): Promise<Message | null> {
      const replayed = await messages.findOneAndUpdate(
        { _id: messageId, webhookId, dueAt: { $exists: false } },
        { $set: { status: "pending", failures: 0, dueAt: now }, $unset: { sequence: "" } },
        { returnDocument: "after" },
      );
      if (replayed) await wakeSlots([replayed.slot], now);
      return replayed;
    },

    /** How long the slot that is due for the longest time waits; 0 without any. Those that fail are not counted. */
    async oldestDueMs(now: Date): Promise<number> {
      const due = { dueAt: { $lte: now }, failing: { $ne: true } };
      const oldest = await slots.findOne(due, { sort: { dueAt: 1 } });
      return oldest?.dueAt ? now.getTime() - oldest.dueAt.getTime() : 0;
    },

    /** Leases the slot that is due for the longest time. */
    async lease(now: Date, withFailing: boolean): Promise<LeasedSlot | null> {
      const until = new Date(now.getTime() + LEASE_MS);
      const leased = await slots.findOneAndUpdate(
        {
          ...{ dueAt: { $lte: now }, leasedUntil: { $not: { $gt: now } } },
          ...(!withFailing && { failing: { $ne: true } }),
        },
        { $set: { dueAt: until, leasedUntil: until } },
        { sort: { dueAt: 1 }, returnDocument: "after" },
      );
      return leased && { ...leased, leasedUntil: until };
    },

    /** When the first slot is due that is due after this time. */
    async nextDueAt(after: Date): Promise<Date | undefined> {
      const next = await slots.findOne({ dueAt: { $gt: after } }, { sort: { dueAt: 1 } });
      return next?.dueAt;
    },

    /** The message whose turn it is in a leased slot. One that waits for an earlier one of its order is due right after it. */
    async nextOf({ _id: slot }: Slot, now: Date): Promise<Message | null> {
      for (let i = 0; i < PUT_OFF_MAX; i++) {
        const due = await firstOf({ slot, dueAt: { $lte: now } }, "dueAt");
        const { orderId, sequence } = due ?? {};
        if (!due || !orderId || sequence === undefined) return due;
        const earlier = await firstOf({ slot, orderId, sequence: { $lt: sequence }, ...PENDING }, "sequence");
        if (!earlier?.dueAt) return due;
        const dueAt = new Date(earlier.dueAt.getTime() + 1);
        await messages.updateOne({ _id: due._id, ...PENDING }, { $set: { dueAt } });
      }
      return null;
    },

    /** Gives the slot back, behind all that are due now. A message that was added meanwhile has set `dueAt`. */
    async release({ _id, leasedUntil }: LeasedSlot, now: Date, failing: boolean | undefined): Promise<void> {
      const next = await firstOf({ slot: _id, ...PENDING }, "dueAt");
      const $set = failing === undefined ? {} : { failing };
      const { matchedCount } = await slots.updateOne(
        { _id, leasedUntil, dueAt: leasedUntil },
        next?.dueAt
          ? { $set: { ...$set, dueAt: later(next.dueAt, now) }, $unset: { leasedUntil: "" } }
          : { $set: { ...$set }, $unset: { leasedUntil: "", dueAt: "" } },
      );
      if (matchedCount === 0)
        await slots.updateOne({ _id, leasedUntil }, { $set, $unset: { leasedUntil: "" } });
    },

    /** Stores an attempt. Without `dueAt` the message has ended. Does nothing when another attempt was stored meanwhile. */
    record: (
      { _id, attempts, failures }: Message,
      at: Date,
      last: Attempt,
      { status, dueAt }: { status: WebhookMessageStatus; dueAt?: Date },
    ) =>
      messages.updateOne(
        { _id, attempts, ...PENDING },
        {
          $set: {
            ...{ status, attempts: attempts + 1, lastAttemptAt: at, last },
            ...{ failures: last.error ? failures + 1 : failures, ...(dueAt && { dueAt }) },
          },
          ...(!dueAt && { $unset: { dueAt: "" } }),
        },
      ),

    /** Ends all that waits for a disabled endpoint. */
    giveUp: (webhookId: string) =>
      messages.updateMany(
        { slot: { $in: slotsOf(webhookId) }, ...PENDING },
        { $set: { status: "failed", last: { error: "disabled" } }, $unset: { dueAt: "" } },
      ),

    /** Of a deleted endpoint. */
    async removeAll(webhookId: string): Promise<void> {
      await messages.deleteMany({ webhookId });
      await slots.deleteMany({ _id: { $in: slotsOf(webhookId) } });
    },
  };
}
