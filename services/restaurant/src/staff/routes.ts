import { withCaller } from "@food/shared/auth/guard";
import { accountIdOf, type Caller } from "@food/shared/auth/tokens";
import { detailOf } from "@food/shared/http/detail";
import { Problem, problems } from "@food/shared/http/problem";
import { currentScope } from "@food/shared/observe/request-scope";
import { AppError } from "@food/shared/values/errors";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { type AcceptDeps, acceptInvitation } from "./accept-invitation.ts";
import { INVITATION_DAYS, INVITATIONS_PER_HOUR, type InviteDeps, invite } from "./invite.ts";
import {
  Accepted,
  AcceptInvitation,
  ChangeStaff,
  InvitationList,
  InvitationParams,
  Invite,
  OpenInvitation,
  SecondFactorPolicy,
  StaffList,
  StaffMember,
  StaffParams,
} from "./schema.ts";
import { type SecondFactorPolicyDeps, setSecondFactorPolicy } from "./set-second-factor-policy.ts";
import {
  INVITATIONS_MAX,
  type Invitation,
  MEMBERS_MAX,
  type Member,
  memberOf,
  type Team,
  validInvitations,
  withoutInvitation,
  withoutMember,
  withRole,
} from "./team.ts";

export type StaffRouteDeps = InviteDeps & AcceptDeps & SecondFactorPolicyDeps;

const detail = detailOf("staff");
const missing = { 404: problems("STAFF_NOT_FOUND", "RESTAURANT_NOT_FOUND") };
const STAFF = "/v1/restaurants/me/staff";
const byCaller = (caller: Caller) => ({ restaurantId: caller.id, actorId: accountIdOf(caller) });

const invitationView = ({ secretHash: _, expiresAt, ...invitation }: Invitation): OpenInvitation => ({
  ...invitation,
  expiresAt: expiresAt.toISOString(),
});

export function staffRoutes(deps: StaffRouteDeps) {
  const { teams, people, factors } = deps;

  async function views(members: readonly Member[]): Promise<StaffMember[]> {
    const staffIds = members.map(({ staffId }) => staffId);
    const [found, having] = await Promise.all([people.findMany(staffIds), factors.having(staffIds)]);
    const byId = new Map(found.map((person) => [person._id, person]));
    return members.map(({ staffId, role, since }) => {
      const { email = "", name } = byId.get(staffId) ?? {};
      return {
        ...{ staffId, email, ...(name !== undefined && { name }), role, since: since.toISOString() },
        secondFactor: having.includes(staffId),
      };
    });
  }

  /** Ends the person's sessions there, with their access tokens and streams. Also when a repeated request finds nothing more
   * to change. */
  async function changeStaff(restaurantId: string, staffId: string, decide: (team: Team) => Team) {
    const end = () => people.accounts.closeSessionsFor(staffId, restaurantId);
    try {
      const { after } = await teams.change(restaurantId, decide);
      await end();
      return after;
    } catch (error) {
      if (error instanceof AppError && error.code === "STAFF_NOT_FOUND") await end();
      throw error;
    }
  }

  return new Elysia({ name: "staff" })
    .post(
      "/v1/staff/invitations/accept",
      async ({ body, status }) =>
        status(200, await acceptInvitation(deps, body, currentScope()?.remoteAddress() ?? "")),
      {
        body: AcceptInvitation,
        response: {
          200: Accepted,
          401: problems("INVALID_CREDENTIALS", "SECOND_FACTOR_REQUIRED", "INVALID_SECOND_FACTOR"),
          404: problems("INVITATION_NOT_FOUND"),
          409: problems("EMAIL_TAKEN", "TOO_MANY_STAFF", "RESTAURANT_BUSY"),
          422: problems("PASSWORD_EASY_TO_GUESS"),
          429: Problem,
        },
        detail: detail(
          "Accept an invitation: with your password, or with a new account's",
          "The token is in the mail and works once. An account with a second factor sends `code` or `recoveryCode`, too. Then sign in, with `restaurantId` when you work in several restaurants.",
        ),
      },
    )
    .use(withCaller())
    .get(
      STAFF,
      async ({ caller, status }) => {
        const { team } = await teams.get(caller.id);
        return status(200, { items: await views(team.members), nextCursor: null });
      },
      {
        response: { 200: StaffList, 404: problems("RESTAURANT_NOT_FOUND") },
        detail: detail(
          "Everybody who works here",
          `For owners. At most ${MEMBERS_MAX} people, each with a role: \`owner\`, \`manager\` or \`kitchen\`.`,
        ),
      },
    )
    .get(
      `${STAFF}/invitations`,
      async ({ caller, status }) => {
        const { team } = await teams.get(caller.id);
        const items = validInvitations(team, new Date()).map(invitationView);
        return status(200, { items, nextCursor: null });
      },
      {
        response: { 200: InvitationList, 404: problems("RESTAURANT_NOT_FOUND") },
        detail: detail("The open invitations", "For owners. Those that are not used, withdrawn or expired."),
      },
    )
    .post(
      `${STAFF}/invitations`,
      async ({ caller, body, status }) =>
        status(202, invitationView(await invite(deps, byCaller(caller), body))),
      {
        body: Invite,
        response: {
          202: OpenInvitation,
          404: problems("RESTAURANT_NOT_FOUND"),
          409: problems("ALREADY_STAFF", "TOO_MANY_INVITATIONS", "TOO_MANY_STAFF", "RESTAURANT_BUSY"),
          422: Problem,
          429: Problem,
          503: problems("MAIL_NOT_CONFIGURED"),
        },
        detail: detail(
          "Invite a person by mail; ends an earlier invitation of the same address",
          `For owners. The link in the mail is valid for ${INVITATION_DAYS} days and works once. At most ${INVITATIONS_MAX} are open, and ${INVITATIONS_PER_HOUR} are sent in an hour.`,
        ),
      },
    )
    .delete(
      `${STAFF}/invitations/:invitationId`,
      async ({ caller, params: { invitationId }, status }) => {
        const { restaurantId, actorId } = byCaller(caller);
        await teams.change(restaurantId, (team) =>
          withoutInvitation(team, actorId, invitationId, new Date()),
        );
        return status(204, undefined);
      },
      {
        params: InvitationParams,
        response: {
          204: Type.Void(),
          404: problems("INVITATION_NOT_FOUND", "RESTAURANT_NOT_FOUND"),
          409: problems("RESTAURANT_BUSY"),
        },
        detail: detail(
          "Withdraw an invitation",
          "For owners. Its link is no longer valid. 404 when it was used, withdrawn or has expired.",
        ),
      },
    )
    .put(
      "/v1/restaurants/me/second-factor-policy",
      async ({ caller, body, status }) => {
        await setSecondFactorPolicy(deps, byCaller(caller), body.required);
        return status(200, body);
      },
      {
        body: SecondFactorPolicy,
        response: {
          200: SecondFactorPolicy,
          403: problems("WRONG_STAFF_ROLE"),
          404: problems("RESTAURANT_NOT_FOUND"),
          409: problems("OWN_SECOND_FACTOR_MISSING", "RESTAURANT_BUSY"),
          422: Problem,
        },
        detail: detail(
          "Require a second factor of everybody who works here, or no longer",
          "Takes an owner with a second factor. Sessions that were opened without one end. Signing in without one then gives tokens that can only set one up.",
        ),
      },
    )
    .patch(
      `${STAFF}/:staffId`,
      async ({ caller, params: { staffId }, body: { role }, status }) => {
        const { restaurantId, actorId } = byCaller(caller);
        const team = await changeStaff(restaurantId, staffId, (current) =>
          withRole(current, actorId, staffId, role),
        );
        const member = memberOf(team, staffId);
        const [view] = await views(member ? [member] : []);
        return status(200, view as StaffMember);
      },
      {
        params: StaffParams,
        body: ChangeStaff,
        response: {
          200: StaffMember,
          403: problems("WRONG_STAFF_ROLE"),
          ...missing,
          409: problems("LAST_OWNER", "RESTAURANT_BUSY"),
          422: Problem,
        },
        detail: detail(
          "Give a person another role, which ends the person's sessions here",
          "Owners give any role, managers only `kitchen`. A restaurant keeps at least one owner.",
        ),
      },
    )
    .delete(
      `${STAFF}/:staffId`,
      async ({ caller, params: { staffId }, status }) => {
        const { restaurantId, actorId } = byCaller(caller);
        await changeStaff(restaurantId, staffId, (team) => withoutMember(team, actorId, staffId));
        return status(204, undefined);
      },
      {
        params: StaffParams,
        response: {
          204: Type.Void(),
          403: problems("WRONG_STAFF_ROLE"),
          ...missing,
          409: problems("LAST_OWNER", "RESTAURANT_BUSY"),
        },
        detail: detail(
          "Remove a person, or leave; ends the person's sessions here",
          "Owners may remove any person, and each person may leave; the last owner may not. The open invitations of that person end. The person's account stays.",
        ),
      },
    );
}
