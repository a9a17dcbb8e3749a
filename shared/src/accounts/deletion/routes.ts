import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { withCaller } from "../../auth/guard.ts";
import { accountIdOf, type Caller } from "../../auth/tokens.ts";
import { detailOf } from "../../http/detail.ts";
import { Problem, problems } from "../../http/problem.ts";
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
  /** The codes of the 409. */
  refusals: readonly string[];
}

export const deletionRoutes = ({ plural, deleteOwn, refusal, refusals, ...deps }: DeletionRouteDeps) =>
  new Elysia({ name: "deletion" }).use(withCaller()).delete(
    `/v1/${plural}/me`,
    async ({ caller, body, status }) => {
      await requirePassword(deps, accountIdOf(caller), body.currentPassword);
      await deleteOwn(caller);
      return status(204, undefined);
    },
    {
      body: DeleteAccount,
      response: {
        204: Type.Void(),
        401: problems("INVALID_CREDENTIALS"),
        409: problems(...refusals),
        422: Problem,
        429: Problem,
        503: problems("DEPENDENCY_UNAVAILABLE"),
      },
      detail: detailOf("accounts")("Delete my account, with my password", `Ends all sessions. ${refusal}`),
    },
  );
