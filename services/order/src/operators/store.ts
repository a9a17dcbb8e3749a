import { type Account, insertAccount } from "@food/shared/accounts/store";
import { refusedToken } from "@food/shared/auth/tokens";
import type { Db } from "mongodb";
import type { Operator } from "./schema.ts";

export interface OperatorDocument extends Account {
  name: string;
  createdAt: Date;
}

export type OperatorStore = ReturnType<typeof operatorStore>;

const view = ({ _id, email, name, createdAt }: OperatorDocument): Operator => ({
  operatorId: _id,
  email,
  name,
  createdAt: createdAt.toISOString(),
});

export function operatorStore(db: Db) {
  const collection = db.collection<OperatorDocument>("operators");
  return {
    collection,

    /** Throws 409 when the email address has an account already. */
    add: async (operator: OperatorDocument): Promise<Operator> =>
      view(await insertAccount(collection, operator)),

    async get(operatorId: string): Promise<Operator> {
      const found = await collection.findOne({ _id: operatorId });
      if (!found) throw refusedToken();
      return view(found);
    },
  };
}
