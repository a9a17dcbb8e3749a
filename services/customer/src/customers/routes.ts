import type { CountSignUp } from "@food/shared/accounts/limits";
import { CHECK_MAIL } from "@food/shared/accounts/links/mail-links";
import { CheckMail } from "@food/shared/accounts/schema";
import type { PendingSignUps } from "@food/shared/accounts/sign-up/pending-sign-ups";
import { withCaller } from "@food/shared/auth/guard";
import { Problem } from "@food/shared/http/problem";
import { Elysia } from "elysia";
import { ChangeCustomer, Customer, RegisterCustomer } from "./schema.ts";
import { signUp } from "./sign-up.ts";
import type { CustomerStore } from "./store.ts";

export interface CustomerRouteDeps {
  customers: CustomerStore;
  countSignUp: CountSignUp;
  signUps: PendingSignUps<RegisterCustomer, Customer>;
}

const detail = (summary: string) => ({ tags: ["customers"], summary });

export const customerRoutes = ({ customers, countSignUp, signUps }: CustomerRouteDeps) =>
  new Elysia({ name: "customers" })
    .post(
      "/v1/customers",
      async ({ body, status }) => {
        await countSignUp();
        if (!signUps.isRequired) return status(201, await signUp(customers, body));
        await signUps.hold(body);
        return status(202, CHECK_MAIL);
      },
      {
        body: RegisterCustomer,
        response: { 201: Customer, 202: CheckMail, 409: Problem, 422: Problem, 429: Problem },
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
