import { Elysia } from "elysia";
import { forbidden } from "../values/errors.ts";
import { type Caller, refusedToken, SERVICE_ROLE, type VerifyToken } from "./tokens.ts";

export { type Caller, SERVICE_ROLE } from "./tokens.ts";

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Throws 401 without a valid token, 403 when the caller has none of the roles. */
export async function identify(
  verify: VerifyToken,
  authorization: string | undefined,
  roles: readonly string[],
): Promise<Caller> {
  const token = BEARER.exec(authorization ?? "")?.[1];
  if (!token) throw refusedToken();
  const caller = await verify(token);
  if (!roles.includes(caller.role))
    throw forbidden("WRONG_ROLE", `This needs the role ${roles.join(" or ")}.`);
  return caller;
}

/** Gives every route mounted after it a `caller`. Runs before validation, so that 401 comes before 422. */
export const authenticated = (verify: VerifyToken, ...roles: string[]) =>
  new Elysia({ name: "authenticated", seed: roles }).derive({ as: "scoped" }, async ({ headers }) => ({
    caller: await identify(verify, headers.authorization, roles),
  }));

/** For internal routes. `caller.id` is the name of the calling service. */
export const serviceOnly = (verify: VerifyToken) => authenticated(verify, SERVICE_ROLE);
