import { hashPassword } from "@food/shared/accounts/passwords";
import { newId } from "@food/shared/values/id";
import type { Courier, RegisterCourier } from "./schema.ts";
import type { CourierStore } from "./store.ts";

/** Throws 409 when the email address has an account already. */
export async function signUp(
  couriers: CourierStore,
  { password, ...profile }: RegisterCourier,
): Promise<Courier> {
  const passwordHash = await hashPassword(password);
  const now = new Date();
  return couriers.add({
    _id: newId("crr"),
    ...profile,
    passwordHash,
    available: false,
    claim: null,
    idleSince: now,
    createdAt: now,
  });
}
