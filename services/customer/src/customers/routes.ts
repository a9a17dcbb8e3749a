import { CHECK_MAIL } from "@food/shared/accounts/links/mail-links";
import { CheckMail } from "@food/shared/accounts/schema";
import type { PendingSignUps } from "@food/shared/accounts/sign-up/pending-sign-ups";
import { withCaller } from "@food/shared/auth/guard";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { Elysia } from "elysia";
import { ChangeCustomer, Customer, RegisterCustomer } from "./schema.ts";
import type { CustomerStore } from "./store.ts";

export interface CustomerRouteDeps {
  customers: CustomerStore;
  signUps: PendingSignUps<RegisterCustomer, Customer>;
}

const detail = detailOf("customers");

export const customerRoutes = ({ customers, signUps }: CustomerRouteDeps) =>
  new Elysia({ name: "customers" })
    .post(
      "/v1/customers",
      async ({ body, status }) => {
        const customer = await signUps.signUp(body);
        return customer ? status(201, customer) : status(202, CHECK_MAIL);
      },
      {
        body: RegisterCustomer,
        response: {
          201: Customer,
          202: CheckMail,
          409: problems("EMAIL_TAKEN"),
          422: problems("PASSWORD_EASY_TO_GUESS"),
          429: Problem,
        },
        detail: detail(
          "Sign up",
          "Where email addresses must be confirmed, the answer is 202, also for an address that has an account, and the link in the mail makes the account. Then sign in with `POST /v1/sessions`.",
        ),
      },
    )
    .use(withCaller())
    .get("/v1/customers/me", async ({ caller, status }) => status(200, await customers.get(caller.id)), {
      response: { 200: Customer },
      detail: detail("My profile", "Addresses have a list of their own: `GET /v1/customers/me/addresses`."),
    })
    .patch(
      "/v1/customers/me",
      async ({ caller, body, status }) => status(200, await customers.change(caller.id, body)),
      {
        body: ChangeCustomer,
        response: { 200: Customer, 422: Problem },
        detail: detail(
          "Change my profile",
          "Only the fields that are sent; a null `phone` removes the number. Orders that were placed keep the name and the number. The email address changes with `POST /v1/customers/me/email`.",
        ),
      },
    );
