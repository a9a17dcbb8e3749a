import type { CountSignUp } from "@food/shared/accounts/limits";
import { hashPassword } from "@food/shared/accounts/passwords";
import { withCaller } from "@food/shared/auth/guard";
import { Problem } from "@food/shared/http/problem";
import { newId } from "@food/shared/values/id";
import { Elysia } from "elysia";
import { ChangeCustomer, Customer, RegisterCustomer } from "./schema.ts";
import type { CustomerStore } from "./store.ts";

export interface CustomerRouteDeps {
  customers: CustomerStore;
  countSignUp: CountSignUp;
}

const detail = (summary: string) => ({ tags: ["customers"], summary });

export const customerRoutes = ({ customers, countSignUp }: CustomerRouteDeps) =>
  new Elysia({ name: "customers" })
    .post(
      "/v1/customers",
      async ({ body: { password, ...profile }, status }) => {
        await countSignUp();
        const passwordHash = await hashPassword(password);
        const customer = {
          _id: newId("cus"),
          ...profile,
          passwordHash,
          addresses: [],
          createdAt: new Date(),
        };
        return status(201, await customers.add(customer));
      },
      {
        body: RegisterCustomer,
        response: { 201: Customer, 409: Problem, 422: Problem, 429: Problem },
        detail: detail("Sign up"),
      },
    )
    .use(withCaller())
    .get("/v1/customers/me", async ({ caller, status }) => status(200, await customers.get(caller.id)), {
      response: { 200: Customer },
      detail: detail("My profile"),
    })
    .patch(
      "/v1/customers/me",
      async ({ caller, body, status }) => status(200, await customers.change(caller.id, body)),
      {
        body: ChangeCustomer,
        response: { 200: Customer, 422: Problem },
        detail: detail("Change my profile"),
      },
    );
