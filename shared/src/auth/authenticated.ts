import { Elysia } from "elysia";
import { forbidden } from "../values/errors.ts";
import { type Caller, refusedToken, SERVICE_ROLE, type VerifyToken } from "./tokens.ts";

export { type Caller, SERVICE_ROLE } from "./tokens.ts";

const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Who is calling. Throws 401 without a valid token, 403 when the role is none of these. */
export async function identify(
  verify: VerifyToken,
  authorization: string | undefined,
  roles: readonly string[],
): Promise<Caller> {
  const token = BEARER.exec(authorization ?? "")?.[1];
  if (!token) throw refusedToken();
  const caller = await verify(token);
  if (!roles.includes(caller.role))
    throw forbidden("WRONG_ROLE", `This is for another role: ${roles.join(", ")}.`);
  return caller;
}

/** Gives every route mounted after it a `caller`. It runs before validation: who you are comes first. */
export const authenticated = (verify: VerifyToken, ...roles: string[]) =>
  new Elysia({ name: "authenticated", seed: roles }).derive({ as: "scoped" }, async ({ headers }) => ({
    caller: await identify(verify, headers.authorization, roles),
  }));

/** For internal routes: only services with a token for this audience. `caller.id` is the calling service. */
export const serviceOnly = (verify: VerifyToken) => authenticated(verify, SERVICE_ROLE);
