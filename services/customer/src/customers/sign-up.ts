import { hashNewPassword } from "@food/shared/accounts/new-password";
import { newId } from "@food/shared/values/id";
import type { Customer, RegisterCustomer } from "./schema.ts";
import type { CustomerStore } from "./store.ts";

/** Throws 409 when the email address has an account already, and 422 when the password is easy to guess. */
export async function signUp(
  customers: CustomerStore,
  { password, ...profile }: RegisterCustomer,
): Promise<Customer> {
  const passwordHash = await hashNewPassword(password, profile);
  return customers.add({
    _id: newId("cus"),
    ...profile,
    passwordHash,
    addresses: [],
    createdAt: new Date(),
  });
}
