import { withCaller } from "@food/shared/auth/guard";
import { detailOf } from "@food/shared/http/detail";
import { problems } from "@food/shared/http/problem";
import { Elysia } from "elysia";
import { addOperator } from "./add-operator.ts";
import { NewOperator, Operator } from "./schema.ts";
import type { OperatorStore } from "./store.ts";

const detail = detailOf("operators");

export const operatorRoutes = ({ operators }: { operators: OperatorStore }) =>
  new Elysia({ name: "operators" })
    .use(withCaller())
    .post("/v1/operators", async ({ body, status }) => status(201, await addOperator(operators, body)), {
      body: NewOperator,
      response: { 201: Operator, 409: problems("EMAIL_TAKEN"), 422: problems("PASSWORD_EASY_TO_GUESS") },
      detail: detail(
        "Add an operator, with a first password",
        "Operators have no sign-up: the settings of the service name the first one, and any operator adds others, who may do the same. Tell them the password; they change it with `POST /v1/operators/me/password`.",
      ),
    })
    .get("/v1/operators/me", async ({ caller, status }) => status(200, await operators.get(caller.id)), {
      response: { 200: Operator },
      detail: detail(
        "My profile",
        "The name stays as it was given. The email address changes with `POST /v1/operators/me/email`.",
      ),
    });
