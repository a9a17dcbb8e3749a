import { type Account, insertAccount } from "@food/shared/accounts/store";
import { notFound } from "@food/shared/values/errors";
import type { Db } from "mongodb";
import type { Address } from "../addresses/schema.ts";
import type { ChangeCustomer, Customer } from "./schema.ts";

export interface CustomerDocument extends Account {
  name: string;
  phone?: string;
  addresses: Address[];
  createdAt: Date;
}

export type CustomerStore = ReturnType<typeof customerStore>;

const view = ({ _id, email, name, phone, createdAt }: CustomerDocument): Customer => ({
  customerId: _id,
  email,
  name,
  ...(phone !== undefined && { phone }),
  createdAt: createdAt.toISOString(),
});

const noSuchCustomer = () => notFound("CUSTOMER_NOT_FOUND", "There is no such customer.");

export function customerStore(db: Db) {
  const collection = db.collection<CustomerDocument>("customers");
  return {
    collection,

    /** Throws 409 when the email address has an account already. */
    add: async (customer: CustomerDocument): Promise<Customer> =>
      view(await insertAccount(collection, customer)),

    async get(customerId: string): Promise<Customer> {
      const found = await collection.findOne(
        { _id: customerId },
        { projection: { addresses: 0, passwordHash: 0 } },
      );
      if (!found) throw noSuchCustomer();
      return view(found as CustomerDocument);
    },

    /** A null phone removes the number. */
    async change(customerId: string, { name, phone }: ChangeCustomer): Promise<Customer> {
      const changed = await collection.findOneAndUpdate(
        { _id: customerId },
        {
          ...((name !== undefined || typeof phone === "string") && {
            $set: { ...(name !== undefined && { name }), ...(typeof phone === "string" && { phone }) },
          }),
          ...(phone === null && { $unset: { phone: "" } }),
        },
        { returnDocument: "after" },
      );
      if (!changed) throw noSuchCustomer();
      return view(changed);
    },
  };
}
