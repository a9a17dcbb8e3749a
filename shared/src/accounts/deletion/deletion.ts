// An account is deleted by one conditional write: its document becomes a tombstone without any data but an outbox entry. The
// email address is free at once, and signing in fails. An outbox worker then removes what is stored elsewhere, also in other
// services, and at last the tombstone, so that a crash at any point leaves nothing behind.
import type { Collection, Db, Filter } from "mongodb";
import type { Log } from "../../observe/log.ts";
import {
  OUTBOX_INDEX,
  type OutboxEntry,
  type OutboxWorker,
  outboxWorker,
  type WithOutbox,
  withTrace,
} from "../../outbox/outbox.ts";
import { ACCOUNT_DATA, type OwnData } from "../export/own-data.ts";
import type { AccountStore } from "../store.ts";

export interface Tombstone extends WithOutbox<OutboxEntry> {
  /** No address, and unique. */
  email: string;
  deletedAt: Date;
}

/** Requests that were under way at the deletion have ended by then. */
export const ERASE_AFTER_MS = 60_000;

export const notDeleted = { deletedAt: { $exists: false } } as const;

const tombstoneOf = (accountId: string, now: Date, eraseAfterMs: number): Tombstone => ({
  _id: accountId,
  email: `deleted/${accountId}`,
  deletedAt: now,
  outbox: withTrace([{ id: `${accountId}:erase`, kind: "erase", at: now }]),
  outboxDueAt: new Date(now.getTime() + eraseAfterMs),
});

export interface DeletionDeps<D extends { _id: string }> {
  collection: Collection<D>;
  db: Db;
  accounts: Pick<AccountStore, "closeSessionsOf">;
  /** Removes what the service and others store of the account besides. Idempotent. Throws when something is left. */
  erase: (accountId: string) => Promise<void>;
  log: Log;
  /** For tests. */
  eraseAfterMs?: number | undefined;
  eraseEveryMs?: number | undefined;
}

export interface Deletion<D> {
  ensureIndexes: () => Promise<unknown>;
  /** False when the account does not fulfil the condition. */
  remove: (accountId: string, condition: Filter<D>) => Promise<boolean>;
  worker: OutboxWorker<OutboxEntry>;
}

/** Removes what every service with accounts stores of an account, or of the owner that it acts for. Its sessions have ended
 * and expire by themselves: every process still reads their ends. */
export async function eraseData(db: Db, id: string, whose?: OwnData["of"]): Promise<void> {
  for (const { collection, by, of } of ACCOUNT_DATA)
    if (collection !== "sessions" && of === (whose ?? of))
      await db.collection<Record<string, unknown>>(collection).deleteMany({ [by]: id });
}

export function startDeletion<D extends { _id: string }>(deps: DeletionDeps<D>): Deletion<D> {
  const { collection, db, accounts, erase, log, eraseAfterMs = ERASE_AFTER_MS } = deps;
  const tombstones = collection as unknown as Collection<Tombstone>;

  async function eraseAll(accountId: string): Promise<void> {
    await accounts.closeSessionsOf(accountId);
    await eraseData(db, accountId);
    await erase(accountId);
  }

  return {
    ensureIndexes: () =>
      collection.createIndex(OUTBOX_INDEX.key, {
        name: OUTBOX_INDEX.name,
        partialFilterExpression: { outboxDueAt: { $exists: true } },
      }),

    async remove(accountId, condition) {
      const now = new Date();
      const tombstone = tombstoneOf(accountId, now, eraseAfterMs);
      const filter = { ...condition, _id: accountId, ...notDeleted } as Filter<D>;
      const { matchedCount } = await collection.replaceOne(filter, tombstone as never);
      if (matchedCount === 0) return false;
      await accounts.closeSessionsOf(accountId);
      return true;
    },

    worker: outboxWorker<OutboxEntry, Tombstone>({
      collection: tombstones,
      async deliver(accountId) {
        await eraseAll(accountId);
        await tombstones.deleteOne({ _id: accountId, deletedAt: { $exists: true } });
      },
      everyMs: deps.eraseEveryMs,
      log,
    }),
  };
}
