// The restaurant that a session is for: the one that was asked for, else the one where the person works longest.
import type { ChooseOwner } from "@food/shared/accounts/acting";
import type { SecondFactorStore } from "@food/shared/accounts/second-factor/store";
import { SETUP_ROLE } from "@food/shared/auth/access";
import { forbidden } from "@food/shared/values/errors";
import { foundedBy, founderOf } from "../people/founder.ts";
import type { TeamStore } from "./store.ts";

const notStaff = () =>
  forbidden("NOT_STAFF", "You do not work in this restaurant. Ask its owner for an invitation.");

export interface ChooseRestaurantDeps {
  teams: TeamStore;
  moveOwner: (restaurantId: string) => Promise<void>;
  factors: Pick<SecondFactorStore, "having">;
}

/** Throws 403 for a person who does not work there, or nowhere. */
export const chooseRestaurant =
  ({ teams, moveOwner, factors }: ChooseRestaurantDeps): ChooseOwner =>
  async ({ accountId, ownerId: wantedId, secondFactorAt }) => {
    // A session of an older version names the restaurant.
    const staffId = founderOf(accountId);
    let memberships = await teams.membershipsOf(staffId);
    if (memberships.length === 0) {
      await moveOwner(foundedBy(staffId));
      memberships = await teams.membershipsOf(staffId);
    }
    const chosen = wantedId
      ? memberships.find(({ restaurantId }) => restaurantId === wantedId)
      : memberships[0];
    if (!chosen) throw notStaff();
    const { restaurantId, role, secondFactorRequired } = chosen;
    // Given in this session: another session may be that of a stolen password.
    const isGiven = async () => secondFactorAt && (await factors.having([staffId])).length > 0;
    const mustSetUp = secondFactorRequired && !(await isGiven());
    return {
      ownerId: restaurantId,
      actor: { id: staffId, staffRole: mustSetUp ? SETUP_ROLE : role },
      answer: {
        ...{ staffId, restaurantId, memberships },
        ...(mustSetUp && { next: "set_up_second_factor" }),
      },
    };
  };
