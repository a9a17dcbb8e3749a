import { hashNewPassword } from "@food/shared/accounts/new-password";
import { newId } from "@food/shared/values/id";
import type { Courier, RegisterCourier } from "./schema.ts";
import type { CourierStore } from "./store.ts";

/** Throws 409 when the email address has an account already, and 422 when the password is easy to guess. */
export async function signUp(
  couriers: CourierStore,
  { password, ...profile }: RegisterCourier,
): Promise<Courier> {
  const passwordHash = await hashNewPassword(password, profile);
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
