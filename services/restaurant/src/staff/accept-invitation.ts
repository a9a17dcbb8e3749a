// Accepting needs the link and a password: that of the account, with its second factor, if the invited address has one. So a
// stolen link alone does not open an existing account.
import { hashNewPassword } from "@food/shared/accounts/new-password";
import { checkCredentials, type SessionDeps } from "@food/shared/accounts/sessions";
import { AppError } from "@food/shared/values/errors";
import { newId } from "@food/shared/values/id";
import { removeUnlessEmployed } from "../people/remove-person.ts";
import type { PeopleStore } from "../people/store.ts";
import { readToken } from "./invite.ts";
import type { Accepted, AcceptInvitation } from "./schema.ts";
import type { TeamStore } from "./store.ts";
import { joined, memberOf, noSuchInvitation, requireInvitation, withoutMember } from "./team.ts";

export interface AcceptDeps {
  teams: TeamStore;
  people: PeopleStore;
  signInLimits: SessionDeps["signInLimits"];
  requireSecondFactor: NonNullable<SessionDeps["requireSecondFactor"]>;
}

const isRefusal = (error: unknown, code: string) => error instanceof AppError && error.code === code;
/** The restaurant was deleted meanwhile. */
const isGone = (error: unknown) => isRefusal(error, "RESTAURANT_NOT_FOUND");
/** The person was removed meanwhile, with another restaurant, and somebody has signed up with the address. */
const isEmailTaken = (error: unknown) => isRefusal(error, "EMAIL_TAKEN");

/** Stores the person before the membership: a repeat after a crash finds the person, and the link is still valid. Throws 404
 * for a link that is not valid, and 401 for a wrong password or second factor. */
export async function acceptInvitation(
  { teams, people, signInLimits, requireSecondFactor }: AcceptDeps,
  { token, password, name, ...factor }: AcceptInvitation,
  remoteAddress: string,
): Promise<Accepted> {
  const { restaurantId, secretHash } = readToken(token);
  const now = new Date();
  const restaurant = await teams.find(restaurantId);
  if (!restaurant) throw noSuchInvitation();
  const { email } = requireInvitation(restaurant.team, secretHash, now);

  const { accounts } = people;
  const known = await accounts.findByEmail(email);
  const person = known
    ? await checkCredentials(
        { accounts, signInLimits, requireSecondFactor },
        { email, password, ...factor },
        remoteAddress,
      )
    : await people.add({
        _id: newId("stf"),
        email,
        passwordHash: await hashNewPassword(password, { email, name }),
        ...(name !== undefined && { name }),
        createdAt: now,
      });
  const staffId = person._id;
  const { after } = await teams
    .change(restaurantId, (team) => joined(team, secretHash, staffId, now))
    .catch(async (error) => {
      if (!isGone(error)) throw error;
      if (!known) await removeUnlessEmployed({ people, teams }, staffId);
      throw noSuchInvitation();
    });
  await people.keep(person).catch(async (error) => {
    // Without an account nobody could use the membership.
    if (isEmailTaken(error))
      await teams.change(restaurantId, (team) => withoutMember(team, staffId, staffId));
    throw error;
  });
  const role = memberOf(after, staffId)?.role ?? "kitchen";
  return { staffId, restaurantId, name: restaurant.name, role };
}
