// An invitation is a link by mail. Only the hash of its secret is stored, in the team, so that using it and joining are one
// write. A stolen link does not open an account: that needs its password (accept-invitation.ts).
import { requireMail } from "@food/shared/accounts/links/mail-links";
import { hashOf, randomText } from "@food/shared/accounts/refresh-tokens";
import { normaliseEmail } from "@food/shared/accounts/store";
import type { Mailer } from "@food/shared/mail/mailer";
import type { RateLimit } from "@food/shared/storage/rate-limit";
import { conflict } from "@food/shared/values/errors";
import { newId } from "@food/shared/values/id";
import type { PeopleStore } from "../people/store.ts";
import type { TeamStore } from "./store.ts";
import { type Invitation, memberOf, type StaffRole, withInvitation } from "./team.ts";

export const INVITATION_DAYS = 7;
const DAY_MS = 86_400_000;
/** Each sends a mail to an address that has not asked for it. */
export const INVITATIONS_PER_HOUR = 30;

export interface InviteDeps {
  teams: TeamStore;
  people: PeopleStore;
  mailer: Mailer;
  /** By restaurant. */
  invitationLimit: RateLimit;
}

export const writeToken = (restaurantId: string, secret: string) => `${restaurantId}.${secret}`;
export function readToken(token: string): { restaurantId: string; secretHash: string } {
  const [restaurantId = "", secret = ""] = token.split(".");
  return { restaurantId, secretHash: hashOf(secret) };
}

/** Throws 503 when the service sends no mail, 409 for a person who works there already, and 429 after too many. */
export async function invite(
  { teams, people, mailer, invitationLimit }: InviteDeps,
  { restaurantId, actorId }: { restaurantId: string; actorId: string },
  { email, role }: { email: string; role: StaffRole },
): Promise<Invitation> {
  requireMail(mailer);
  const known = await people.accounts.findByEmail(email);
  const secret = randomText(32);
  const now = new Date();
  const invitation: Invitation = {
    invitationId: newId("inv"),
    email: normaliseEmail(email),
    role,
    secretHash: hashOf(secret),
    invitedBy: actorId,
    expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
  };
  await invitationLimit.take(restaurantId);
  await teams.change(restaurantId, (team) => {
    const next = withInvitation(team, invitation, now);
    if (known && memberOf(team, known._id))
      throw conflict("ALREADY_STAFF", "A person with this email address works here already.");
    return next;
  });
  const { name } = await teams.get(restaurantId);
  mailer.send({
    to: invitation.email,
    subject: `Work at ${name}`,
    text: `${name} invites you to work there (${role}). This link is valid for ${INVITATION_DAYS} days:

${mailer.linkTo("accept-invitation", writeToken(restaurantId, secret))}

If you do not know ${name}, ignore this mail.`,
  });
  return invitation;
}
