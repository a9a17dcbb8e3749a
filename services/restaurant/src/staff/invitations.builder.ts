// Invites people and signs them in over HTTP, for tests.
import type { Problem } from "@food/shared/http/problem";
import { fromNewAddress } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type Member, PASSWORD, type RestaurantService } from "../restaurant-service.builder.ts";
import type { Accepted, OpenInvitation } from "./schema.ts";

export const INVITATIONS = "/v1/restaurants/me/staff/invitations";
export const OTHER_PASSWORD = "a staple of batteries";
export const anEmail = () => `${newId("mail")}@example.com`;

export interface SignedIn {
  accessToken: string;
  refreshToken: string;
  staffId: string;
  restaurantId: string;
  memberships: object[];
}

/** The service must have been started with `sendsMail`. */
export function invitationsOf(service: RestaurantService) {
  const invite = ({ token }: Pick<Member, "token">, email: string, role = "kitchen") =>
    service.call<OpenInvitation & Problem>(`POST ${INVITATIONS}`, { token, body: { email, role } });
  const list = async ({ token }: Pick<Member, "token">) =>
    (await service.call<{ items: OpenInvitation[] }>(`GET ${INVITATIONS}`, { token })).body.items;
  const accept = (token: unknown, password: unknown = PASSWORD, more: object = {}) =>
    service.call<Accepted & Problem>("POST /v1/staff/invitations/accept", {
      body: { token, password, ...more },
      headers: fromNewAddress(),
    });
  const signIn = (email: string, password = PASSWORD, restaurantId?: string) =>
    service.call<SignedIn & Problem>("POST /v1/sessions", {
      body: { email, password, ...(restaurantId && { restaurantId }) },
      headers: fromNewAddress(),
    });
  /** The token in the newest mail to this address. */
  const tokenTo = (email: string) =>
    /#token=(\S+)/.exec(service.mails.findLast(({ to }) => to === email)?.text ?? "")?.[1] ?? "";
  async function invited(member: Member, email = anEmail(), role = "kitchen") {
    await invite(member, email, role);
    return { email, token: tokenTo(email) };
  }
  /** A person with an account, in a restaurant. */
  async function hired(member: Member, role = "kitchen") {
    const { email, token } = await invited(member, anEmail(), role);
    return { email, ...(await accept(token)).body };
  }

  return { invite, list, accept, signIn, tokenTo, invited, hired };
}
