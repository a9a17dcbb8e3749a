import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { withCaller } from "../../auth/guard.ts";
import { accountIdOf, type Caller } from "../../auth/tokens.ts";
import { Problem } from "../../http/problem.ts";
import { requirePassword, type SessionDeps } from "../sessions.ts";
import { DeleteAccount } from "./schema.ts";

export interface DeletionRouteDeps {
  accounts: SessionDeps["accounts"];
  signInLimits: SessionDeps["signInLimits"];
  plural: string;
  /** Throws 409 that says what is under way. */
  deleteOwn: (caller: Caller) => Promise<void>;
  /** What is under way then. */
  refusal: string;
}

export const deletionRoutes = ({ plural, deleteOwn, refusal, ...deps }: DeletionRouteDeps) =>
  new Elysia({ name: "deletion" }).use(withCaller()).delete(
    `/v1/${plural}/me`,
    async ({ caller, body, status }) => {
      await requirePassword(deps, accountIdOf(caller), body.currentPassword);
      await deleteOwn(caller);
      return status(204, undefined);
    },
    {
      body: DeleteAccount,
      response: { 204: Type.Void(), 409: Problem, 422: Problem, 429: Problem, 503: Problem },
      detail: {
        tags: ["accounts"],
        summary: "Delete my account, with my password",
        description: `Ends all sessions. ${refusal}`,
      },
    },
  );
