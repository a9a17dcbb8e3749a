// The teams, in their restaurants' documents. A person's memberships are found by an index over the teams, so there is no
// second copy of them.
import { conflict } from "@food/shared/values/errors";
import type { Collection } from "mongodb";
import { noSuchRestaurant, type RestaurantDocument } from "../restaurants/store.ts";
import type { StaffRole, Team } from "./team.ts";

export interface Membership {
  restaurantId: string;
  name: string;
  role: StaffRole;
  secondFactorRequired: boolean;
}

export type TeamStore = ReturnType<typeof teamStore>;

/** Each failed try is a change that another request made. */
const TRIES_MAX = 50;
/** A session names at most this many restaurants. */
const MEMBERSHIPS_MAX = 100;

export interface TeamStoreDeps {
  restaurants: Collection<RestaurantDocument>;
  /** Gives a restaurant of an older version its team. */
  moveOwner: (restaurantId: string) => Promise<void>;
}

export function teamStore({ restaurants, moveOwner }: TeamStoreDeps) {
  const read = (restaurantId: string) =>
    restaurants.findOne<{ team?: Team; name: string }>(
      { _id: restaurantId },
      { projection: { team: 1, name: 1 } },
    );

  async function find(restaurantId: string): Promise<{ team: Team; name: string } | undefined> {
    let found = await read(restaurantId);
    if (found && !found.team) {
      await moveOwner(restaurantId);
      found = await read(restaurantId);
    }
    return found?.team && { team: found.team, name: found.name };
  }

  /** Throws 404 when there is no such restaurant. */
  async function get(restaurantId: string): Promise<{ team: Team; name: string }> {
    const found = await find(restaurantId);
    if (!found) throw noSuchRestaurant();
    return found;
  }

  return {
    ensureIndexes: () => restaurants.createIndex({ "team.members.staffId": 1 }, { name: "staff" }),

    find,
    get,

    /** Stores what `decide` makes of the team. Decides again when another request has changed it meanwhile. */
    async change(restaurantId: string, decide: (team: Team) => Team): Promise<{ before: Team; after: Team }> {
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const { team: before } = await get(restaurantId);
        const after = { ...decide(before), version: before.version + 1 };
        const { matchedCount } = await restaurants.updateOne(
          { _id: restaurantId, "team.version": before.version },
          { $set: { team: after } },
        );
        if (matchedCount === 1) return { before, after };
      }
      throw conflict("RESTAURANT_BUSY", "Other requests changed the team at the same time. Try again.");
    },

    /** Longest first. */
    async membershipsOf(staffId: string): Promise<Membership[]> {
      const found = await restaurants
        .find({ "team.members.staffId": staffId })
        .project<{ _id: string; name: string; team: Team }>({
          ...{ name: 1, "team.members": 1 },
          "team.secondFactorRequired": 1,
        })
        .limit(MEMBERSHIPS_MAX)
        .toArray();
      return found
        .flatMap(({ _id, name, team: { members, secondFactorRequired = false } }) =>
          members
            .filter((member) => member.staffId === staffId)
            .map(({ role, since }) => ({ restaurantId: _id, name, role, since, secondFactorRequired })),
        )
        .sort((a, b) => a.since.getTime() - b.since.getTime() || (a.restaurantId < b.restaurantId ? -1 : 1))
        .map(({ since: _, ...membership }) => membership);
    },

    /** The restaurants that require a second factor of the person. */
    async requiringSecondFactor(staffId: string): Promise<string[]> {
      const found = restaurants.find({ "team.members.staffId": staffId, "team.secondFactorRequired": true });
      return (await found.project<{ _id: string }>({ _id: 1 }).toArray()).map(({ _id }) => _id);
    },
  };
}
