// People with a second factor, and the requirement of one, over HTTP for tests.
import { codeAt } from "@food/shared/accounts/second-factor/totp";
import type { Problem } from "@food/shared/http/problem";
import { fromNewAddress } from "@food/shared/testing/service";
import { PASSWORD, type RestaurantService } from "../restaurant-service.builder.ts";
import { invitationsOf, type SignedIn } from "./invitations.builder.ts";

export const POLICY = "/v1/restaurants/me/second-factor-policy";
const FACTOR = "/v1/restaurants/me/second-factor";

export type Session = SignedIn & Problem & { next?: string };

export interface Person {
  email: string;
  staffId: string;
  session: Session;
  secret: string;
  recoveryCodes: string[];
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
export const staffRoleOf = ({ accessToken }: SignedIn): unknown => claimsOf(accessToken).staff_role;

export function secondFactorsOf(service: RestaurantService) {
  const { hired } = invitationsOf(service);
  const factors = () => service.base.mongo.db.collection<{ _id: string }>("second-factors");

  const signIn = (email: string, given: object = {}) =>
    service.call<Session>("POST /v1/sessions", {
      body: { email, password: PASSWORD, ...given },
      headers: fromNewAddress(),
    });
  const refresh = ({ refreshToken }: SignedIn) =>
    service.call<Session>("POST /v1/sessions/refresh", { body: { refreshToken } });
  const setPolicy = (token: string, required: unknown) =>
    service.call<{ required: boolean } & Problem>(`PUT ${POLICY}`, { token, body: { required } });

  /** Also as after the time step of the code that it has used. */
  async function setUp({ accessToken: token, staffId }: SignedIn) {
    const body = { currentPassword: PASSWORD };
    const begun = await service.call<{ secret: string }>(`POST ${FACTOR}`, { token, body });
    const { secret } = begun.body;
    const code = codeAt(secret, new Date());
    const confirmed = await service.call<{ recoveryCodes: string[] }>(`POST ${FACTOR}/confirm`, {
      ...{ token, body: { code } },
    });
    await factors().updateOne({ _id: staffId }, { $set: { lastStep: 0 } });
    return { secret, recoveryCodes: confirmed.body.recoveryCodes };
  }
  const turnOff = (token: string, recoveryCode = "") =>
    service.call(`POST ${FACTOR}/disable`, { token, body: { currentPassword: PASSWORD, recoveryCode } });
  const hasFactor = async (staffId: string) =>
    (await factors().findOne({ _id: staffId, secret: { $exists: true } })) !== null;

  /** A restaurant whose owner has a second factor. */
  async function founded(): Promise<Person & { restaurantId: string; token: string }> {
    const { email } = (await service.register()).body;
    const { body: session } = await signIn(email);
    const { accessToken: token, staffId, restaurantId } = session;
    return { email, staffId, session, restaurantId, token, ...(await setUp(session)) };
  }
  /** A person who is signed in there without a second factor. */
  async function employed(owner: { token: string }, role = "kitchen") {
    const { email, staffId } = await hired({ restaurantId: "", email: "", ...owner }, role);
    return { email, staffId, session: (await signIn(email)).body };
  }

  return { signIn, refresh, setPolicy, setUp, turnOff, hasFactor, founded, employed };
}
