import { hashPassword } from "@food/shared/accounts/passwords";
import { newId } from "@food/shared/values/id";
import type { Customer, RegisterCustomer } from "./schema.ts";
import type { CustomerStore } from "./store.ts";

/** Throws 409 when the email address has an account already. */
export async function signUp(
  customers: CustomerStore,
  { password, ...profile }: RegisterCustomer,
): Promise<Customer> {
  const passwordHash = await hashPassword(password);
  return customers.add({
    _id: newId("cus"),
    ...profile,
    passwordHash,
    addresses: [],
    createdAt: new Date(),
  });
}
