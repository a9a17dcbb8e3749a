import { notDeleted } from "@food/shared/accounts/deletion/deletion";
import { type Account, insertAccount } from "@food/shared/accounts/store";
import { refusedToken } from "@food/shared/auth/tokens";
import type { Db } from "mongodb";
import type { Address } from "../addresses/schema.ts";
import type { ChangeCustomer, Customer } from "./schema.ts";

export interface CustomerDocument extends Account {
  name: string;
  phone?: string;
  addresses: Address[];
  createdAt: Date;
  /** Until a minute after it, no order is placed: the account is being deleted (deleting/delete-customer.ts). */
  closingAt?: Date;
}

export type CustomerStore = ReturnType<typeof customerStore>;

const view = ({ _id, email, name, phone, createdAt }: CustomerDocument): Customer => ({
  customerId: _id,
  email,
  name,
  ...(phone !== undefined && { phone }),
  createdAt: createdAt.toISOString(),
});

export function customerStore(db: Db) {
  const collection = db.collection<CustomerDocument>("customers");
  return {
    collection,

    /** Throws 409 when the email address has an account already. */
    add: async (customer: CustomerDocument): Promise<Customer> =>
      view(await insertAccount(collection, customer)),

    /** Throws 401 for a deleted customer, whose token has not expired yet. */
    async get(customerId: string): Promise<Customer> {
      const found = await collection.findOne(
        { _id: customerId, ...notDeleted },
        { projection: { addresses: 0, passwordHash: 0 } },
      );
      if (!found) throw refusedToken();
      return view(found as CustomerDocument);
    },

    /** A null phone removes the number. */
    async change(customerId: string, { name, phone }: ChangeCustomer): Promise<Customer> {
      const changed = await collection.findOneAndUpdate(
        { _id: customerId, ...notDeleted },
        {
          ...((name !== undefined || typeof phone === "string") && {
            $set: { ...(name !== undefined && { name }), ...(typeof phone === "string" && { phone }) },
          }),
          ...(phone === null && { $unset: { phone: "" } }),
        },
        { returnDocument: "after" },
      );
      if (!changed) throw refusedToken();
      return view(changed);
    },
  };
}
