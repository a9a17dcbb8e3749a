// A restaurant may require a second factor of its people. Its team says so, and is read after a session is stored or refreshed:
// without the factor the tokens can only set one up. Sessions without the factor end when the requirement begins.
import type { SecondFactorStore } from "@food/shared/accounts/second-factor/store";
import { conflict } from "@food/shared/values/errors";
import type { PeopleStore } from "../people/store.ts";
import type { TeamStore } from "./store.ts";
import { withSecondFactorPolicy } from "./team.ts";

export interface SecondFactorPolicyDeps {
  teams: TeamStore;
  people: PeopleStore;
  factors: Pick<SecondFactorStore, "having">;
}

/** Throws 409 for an owner without a second factor, and 403 for a former owner. A repetition ends the sessions that a crash
 * has left. */
export async function setSecondFactorPolicy(
  { teams, people, factors }: SecondFactorPolicyDeps,
  { restaurantId, actorId }: { restaurantId: string; actorId: string },
  required: boolean,
): Promise<void> {
  if ((await factors.having([actorId])).length === 0)
    throw conflict("OWN_SECOND_FACTOR_MISSING", "Set up a second factor of your own first.");
  const { after } = await teams.change(restaurantId, (team) =>
    withSecondFactorPolicy(team, actorId, required),
  );
  if (!required) return;
  const staffIds = after.members.map(({ staffId }) => staffId);
  const having = await factors.having(staffIds);
  const lacking = staffIds.filter((staffId) => !having.includes(staffId));
  await people.accounts.closeSessionsWithoutFactor(restaurantId, having, lacking);
}
