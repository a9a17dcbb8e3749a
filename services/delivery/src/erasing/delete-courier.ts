// A courier is deleted only while no trip claims them, in one conditional write. Claims need a courier on duty, and a tombstone
// is not, so no trip begins afterwards.
import type { Deletion } from "@food/shared/accounts/deletion/deletion";
import { ERASE_AT_ONCE_MAX } from "@food/shared/contracts/erasure";
import { conflict } from "@food/shared/values/errors";
import type { CourierDocument, CourierStore } from "../couriers/store.ts";
import type { TripStore } from "../trips/store.ts";
import type { ErasureStore } from "./store.ts";

export interface DeleteDeps {
  deletion: Pick<Deletion<CourierDocument>, "remove">;
  couriers: Pick<CourierStore, "tripsOf">;
  trips: Pick<TripStore, "findLive">;
}

/** Throws 409 while the courier has a trip. */
export async function deleteCourier(
  { deletion, couriers, trips }: DeleteDeps,
  courierId: string,
): Promise<void> {
  const [trip] = await trips.findLive(await couriers.tripsOf([courierId]), courierId);
  if (!trip && (await deletion.remove(courierId, { claim: null }))) return;
  const orders = trip ? ` with ${trip.liveOrderIds.join(", ")}` : "";
  throw conflict(
    "TRIP_UNDER_WAY",
    `You have a trip${orders}. Finish it or decline it, and delete the account then.`,
  );
}

/** Orders keep the courier's id, and no name or position. Throws while one of them is under way. */
export async function eraseCourier(
  deps: { erasure: ErasureStore; eraseAt: (courierId: string, orderIds: string[]) => Promise<number> },
  courierId: string,
): Promise<void> {
  await deps.erasure.eraseCourier(courierId);
  const orderIds = await deps.erasure.ordersOf(courierId);
  for (let i = 0; i < orderIds.length; i += ERASE_AT_ONCE_MAX) {
    const remaining = await deps.eraseAt(courierId, orderIds.slice(i, i + ERASE_AT_ONCE_MAX));
    if (remaining > 0) throw new Error("An order of the courier is under way");
  }
}
