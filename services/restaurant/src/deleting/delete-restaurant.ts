// The restaurant is marked as closing, which stops quotes, before its open orders are counted. An order whose quote was
// answered just before may still be placed: the worker ends it a minute later. No process of the kitchen can, once it has
// read the ends of the tokens.
import { type ClosingStore, isBeingDeleted, isInTime } from "@food/shared/accounts/deletion/closing";
import { ERASE_AFTER_MS } from "@food/shared/accounts/deletion/deletion";
import type { ServiceClient } from "@food/shared/http/service-client";
import type { Log } from "@food/shared/observe/log";
import { type OutboxEntry, type OutboxWorker, outboxWorker } from "@food/shared/outbox/outbox";
import { conflict } from "@food/shared/values/errors";
import { endOrder, eraseRestaurantAt, openOrdersOf } from "../clients/orders.ts";
import { type RemoveDeps, removeUnlessEmployed } from "../people/remove-person.ts";
import type { TeamStore } from "../staff/store.ts";
import { requireOwner } from "../staff/team.ts";
import type { DeletingStore, DeletionRecord } from "./store.ts";

export interface DeleteDeps extends RemoveDeps {
  deleting: DeletingStore;
  closing: ClosingStore;
  teams: Pick<TeamStore, "get" | "membershipsOf">;
  orders: ServiceClient;
  /** Drops the restaurant's cached responses, its menu and all pages. */
  changed: (restaurantId: string) => Promise<void>;
  /** For tests. */
  eraseAfterMs?: number | undefined;
}

/** Each failed try is a change of the team. */
const TRIES_MAX = 20;

/** What must be gone at once. Idempotent. People who work in no other restaurant lose their accounts. */
async function clear(deps: DeleteDeps, restaurantId: string, staffIds: string[]): Promise<void> {
  const { deleting, people, changed } = deps;
  for (const staffId of staffIds) await people.accounts.closeSessionsFor(staffId, restaurantId);
  await deleting.eraseDishes(restaurantId);
  await changed(restaurantId);
  for (const staffId of staffIds) await removeUnlessEmployed(deps, staffId);
}

async function remove(deps: DeleteDeps, restaurantId: string, actorId: string, closingAt: Date) {
  const { deleting, teams } = deps;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { team } = await teams.get(restaurantId);
    requireOwner(team, actorId);
    const staffIds = team.members.map(({ staffId }) => staffId);
    await deleting.begin(restaurantId, staffIds, closingAt);
    if (!isInTime(closingAt)) break;
    if (await deleting.remove(restaurantId, closingAt, team.version)) return staffIds;
  }
  throw isBeingDeleted();
}

/** Throws 409 while an order is under way, 403 for a former owner, and 503 when the order service does not answer. A
 * repetition finishes what a crash has interrupted. */
export async function deleteRestaurant(
  deps: DeleteDeps,
  restaurantId: string,
  actorId: string,
): Promise<void> {
  const { deleting, closing, orders, eraseAfterMs = ERASE_AFTER_MS } = deps;
  const now = new Date();
  if (!(await closing.begin(restaurantId, now))) {
    if (await deleting.isThere(restaurantId)) throw isBeingDeleted();
    const { staffIds = [] } = (await deleting.find(restaurantId)) ?? {};
    return clear(deps, restaurantId, staffIds);
  }
  let staffIds: string[];
  try {
    const open = await openOrdersOf(orders, restaurantId);
    if (open.length > 0)
      throw conflict(
        "ORDERS_UNDER_WAY",
        `${open.map(({ orderId }) => orderId).join(", ")}: under way. Finish or cancel them, and delete the restaurant then.`,
      );
    staffIds = await remove(deps, restaurantId, actorId, now);
  } catch (error) {
    await closing.undo(restaurantId, now);
    throw error;
  }
  await clear(deps, restaurantId, staffIds);
  await deleting.eraseAfter(restaurantId, eraseAfterMs);
}

/** Repeats `clear` for requests that were under way at the deletion, and removes the rest. */
async function finish(deps: DeleteDeps, { _id: restaurantId, staffIds = [] }: DeletionRecord) {
  const { deleting, teams, people, orders } = deps;
  await clear(deps, restaurantId, staffIds);
  for (const order of await openOrdersOf(orders, restaurantId)) await endOrder(orders, restaurantId, order);
  await eraseRestaurantAt(orders, restaurantId);
  await deleting.eraseOwner(restaurantId);
  for (const staffId of staffIds) {
    const isGone = (await people.accounts.findById(staffId)) === null;
    if (isGone && (await teams.membershipsOf(staffId)).length === 0) await deleting.eraseAccount(staffId);
  }
  await deleting.finish(restaurantId);
}

/** Finishes deletions, also those that a crash has interrupted. */
export const startDeleting = (
  deps: DeleteDeps & { log: Log; eraseEveryMs?: number | undefined },
): OutboxWorker<OutboxEntry> =>
  outboxWorker<OutboxEntry, DeletionRecord>({
    collection: deps.deleting.records,
    async deliver(restaurantId) {
      const record = await deps.deleting.find(restaurantId);
      if (!record) return;
      if (await deps.deleting.isThere(restaurantId)) await deps.deleting.abandon(record);
      else await finish(deps, record);
    },
    everyMs: deps.eraseEveryMs,
    log: deps.log,
  });
