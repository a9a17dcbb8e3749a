import { emailTaken, normaliseEmail } from "@food/shared/accounts/store";
import type { DeliveryZone } from "@food/shared/contracts/delivery-zones";
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { TaxTerms } from "@food/shared/contracts/price";
import type { CategoryHours, OpeningHours } from "@food/shared/contracts/restaurant";
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import { conflict, notFound, unprocessable } from "@food/shared/values/errors";
import type { PostalAddress } from "@food/shared/values/fields";
import { type Location, type Point, toPoint } from "@food/shared/values/geo";
import type { Db, Filter } from "mongodb";
import type { Team } from "../staff/team.ts";
import type { WithStock } from "../stock/stock.ts";
import { wordStore } from "../words/store.ts";
import { hasZones, reachMeters } from "../zones/zones.ts";
import { requireTimeZone, requireZones } from "./requirements.ts";
import type { ChangeRestaurant } from "./schema.ts";
import { folded, queryWords, searchTerms, sortName } from "./search-terms.ts";

/** An option group with the version for its ETag. */
export interface StoredOptionGroup extends OptionGroup {
  version: number;
}

export interface RestaurantDocument extends WithStock {
  _id: string;
  /** The address that it signed up with. Unique, in lower case. */
  email: string;
  /** Only of an older version, whose restaurants were accounts (people/store.ts). */
  passwordHash?: string;
  /** Missing in an older version. */
  team?: Team;
  name: string;
  cuisines: string[];
  phone: string;
  address: PostalAddress;
  currency: string;
  deliveryRadiusMeters: number;
  deliveryFeeCents: number;
  prepMinutes: number;
  openingHours?: OpeningHours;
  categoryOrder?: string[];
  categoryHours?: CategoryHours[];
  deliveryZones?: DeliveryZone[];
  /** For searches only: may be too large, and is absent without zones. */
  zoneReachMeters?: number;
  tax?: TaxTerms;
  acceptingOrders: boolean;
  createdAt: Date;
  /** The start of a deletion, which may have failed. */
  closingAt?: Date;
  /** Changed together, under their version (option-groups/store.ts). */
  optionGroups?: StoredOptionGroup[];
  optionGroupsVersion?: number;
  /** Search keys, derived from name, cuisines and address at every write. */
  position: Point;
  sortName: string;
  searchTerms: string[];
  cuisineKeys: string[];
}

export interface Found extends RestaurantDocument {
  distanceMeters?: number;
}

export interface BrowseFilter {
  near?: Location;
  query?: string;
  cuisine?: string;
  accepting?: boolean;
  /** The minimum delivery radius. */
  radiusMeters?: number;
}

/** The end of the previous page: by distance with a position, else by name. */
export interface BrowsePosition {
  distanceMeters?: number;
  sortName?: string;
  restaurantId: string;
}

const TRIES_MAX = 8;

/** What lists do not read. */
const UNLISTED = { optionGroups: 0 } as const;

/** The maximum delivery radius, and 80 m for the rounded position of a search. */
const NEARBY_METERS_MAX = 100_000 + 80;

export type RestaurantStore = ReturnType<typeof restaurantStore>;

/** The version of the search rules, stored as a term. Terms without it were derived by other rules and are derived again.
 * Change it with the rules. */
const RULES_VERSION = "#3";
const BATCH_MAX = 500;

type Searched = Pick<RestaurantDocument, "name" | "cuisines" | "address"> &
  Partial<Pick<RestaurantDocument, "deliveryZones">>;

export const derived = ({ name, cuisines, address, deliveryZones = [] }: Searched) => ({
  position: toPoint(address.location),
  sortName: sortName(name),
  searchTerms: [RULES_VERSION, ...searchTerms(name, ...cuisines)],
  cuisineKeys: cuisines.map(folded),
  ...(hasZones({ deliveryZones }) && {
    zoneReachMeters: reachMeters({ address, deliveryZones, deliveryRadiusMeters: 0 }),
  }),
});

export const noSuchRestaurant = () => notFound("RESTAURANT_NOT_FOUND", "There is no such restaurant.");

const currencyFixed = () =>
  unprocessable("CURRENCY_FIXED", "The currency stays: the prices on the menu and in orders are in it.", {
    details: [{ pointer: "/currency", detail: "Leave it out, or keep it" }],
  });

/** What no list shows, and may be long. */
const NOT_LISTED = { stock: 0, stockTaken: 0, optionGroups: 0, team: 0 } as const;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function matching({ query, cuisine, accepting, radiusMeters }: BrowseFilter): Filter<RestaurantDocument> {
  const words = query === undefined ? [] : queryWords(query);
  return {
    ...(accepting && { acceptingOrders: true }),
    ...(radiusMeters !== undefined && {
      $or: [{ deliveryRadiusMeters: { $gte: radiusMeters } }, { zoneReachMeters: { $gte: radiusMeters } }],
    }),
    ...(cuisine !== undefined && { cuisineKeys: folded(cuisine) }),
    ...(words.length > 0 && {
      $and: words.map((word) => ({ searchTerms: new RegExp(`^${escaped(word)}`) })),
    }),
  };
}

export function restaurantStore(db: Db) {
  const collection = db.collection<RestaurantDocument>("restaurants");
  const deletions = db.collection<{ _id: string }>("deletions");
  const words = wordStore(db);

  function nearest(filter: BrowseFilter, near: Location, limit: number, after: BrowsePosition | undefined) {
    const { distanceMeters = 0, restaurantId = "" } = after ?? {};
    const beyond = {
      $or: [{ distanceMeters: { $gt: distanceMeters } }, { distanceMeters, _id: { $gt: restaurantId } }],
    };
    return collection
      .aggregate<Found>([
        {
          $geoNear: {
            near: toPoint(near),
            key: "position",
            distanceField: "distanceMeters",
            query: matching(filter),
            spherical: true,
            maxDistance: NEARBY_METERS_MAX,
            // An optimisation. One meter of tolerance, so that rounding loses no restaurant at exactly this distance.
            ...(after && { minDistance: Math.max(0, distanceMeters - 1) }),
          },
        },
        ...(after ? [{ $match: beyond }] : []),
        { $sort: { distanceMeters: 1, _id: 1 } },
        { $limit: limit },
        { $project: NOT_LISTED },
        { $project: UNLISTED },
      ])
      .toArray();
  }

  function byName(filter: BrowseFilter, limit: number, after: BrowsePosition | undefined): Promise<Found[]> {
    const { sortName = "", restaurantId = "" } = after ?? {};
    const beyond = { $or: [{ sortName: { $gt: sortName } }, { sortName, _id: { $gt: restaurantId } }] };
    return collection
      .find({ $and: [matching(filter), after ? beyond : {}] }, { projection: NOT_LISTED })
      .sort({ sortName: 1, _id: 1 })
      .limit(limit)
      .project<Found>(UNLISTED)
      .toArray();
  }

  return {
    collection,

    ensureIndexes: () =>
      collection.createIndexes([
        { key: { email: 1 }, unique: true, name: "email" },
        { key: { position: "2dsphere" }, name: "nearby" },
        { key: { sortName: 1, _id: 1 }, name: "name" },
        { key: { searchTerms: 1 }, name: "search" },
        { key: { cuisineKeys: 1, sortName: 1, _id: 1 }, name: "cuisine" },
      ]),

    /** Derives the terms of other rules again, in one pass. Concurrent changes derive their own terms. */
    async refreshTerms(): Promise<void> {
      for (let after = ""; ; ) {
        const stale = await collection
          .find({ searchTerms: { $ne: RULES_VERSION }, _id: { $gt: after } })
          .project<Pick<RestaurantDocument, "_id" | "name" | "cuisines" | "address">>({
            name: 1,
            cuisines: 1,
            address: 1,
          })
          .sort({ _id: 1 })
          .limit(BATCH_MAX)
          .toArray();
        if (stale.length === 0) return;
        const fresh = stale.map((read) => ({ filter: read, update: { $set: derived(read) } }));
        await words.add(fresh.flatMap(({ update }) => update.$set.searchTerms));
        await collection.bulkWrite(
          fresh.map((updateOne) => ({ updateOne })),
          { ordered: false },
        );
        after = stale.at(-1)?._id ?? after;
      }
    },

    /** Whether a restaurant has or had this id, or signed up with this email address. */
    isTaken: async (restaurantId: string, email: string): Promise<boolean> => {
      const filter = { $or: [{ _id: restaurantId }, { email: normaliseEmail(email) }] };
      const found = await Promise.all([
        collection.findOne(filter, { projection: { _id: 1 } }),
        deletions.findOne({ _id: restaurantId }, { projection: { _id: 1 } }),
      ]);
      return found.some((one) => one !== null);
    },

    /** Throws 409 when a restaurant has this id or email address already. */
    async add(restaurant: RestaurantDocument): Promise<RestaurantDocument> {
      await words.add(restaurant.searchTerms);
      const stored = { ...restaurant, email: normaliseEmail(restaurant.email) };
      try {
        await collection.insertOne(stored);
      } catch (error) {
        throw duplicateKeyOf(error) ? emailTaken() : error;
      }
      return stored;
    },

    /** Without what orders have taken and without the team, which may be long. */
    find: (restaurantId: string) =>
      collection.findOne({ _id: restaurantId }, { projection: { stockTaken: 0, team: 0 } }),

    async get(restaurantId: string): Promise<RestaurantDocument> {
      const found = await collection.findOne({ _id: restaurantId });
      if (!found) throw noSuchRestaurant();
      return found;
    },

    /** Updates the search keys too, on the condition that what they derive from is as read. Throws 422 for another
     * currency. */
    async change(restaurantId: string, change: ChangeRestaurant): Promise<RestaurantDocument> {
      const { openingHours, ...rest } = change;
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const current = await this.get(restaurantId);
        if (change.currency !== undefined && change.currency !== current.currency) throw currencyFixed();
        const { name, cuisines, address } = current;
        const next = { ...current, ...change };
        requireTimeZone(next);
        if (change.deliveryZones || change.address) requireZones(next);
        const keys = derived({ ...current, ...rest });
        await words.add(keys.searchTerms);
        const changed = await collection.findOneAndUpdate(
          {
            ...{ _id: restaurantId, name, cuisines, address },
            deliveryZones: current.deliveryZones ?? { $exists: false },
          },
          {
            $set: { ...rest, ...(openingHours && { openingHours }), ...keys },
            ...(openingHours === null && { $unset: { openingHours: "" } }),
          },
          { returnDocument: "after" },
        );
        if (changed) return changed;
      }
      throw conflict("RESTAURANT_BUSY", "Other requests changed the restaurant at the same time. Try again.");
    },

    async setAccepting(restaurantId: string, acceptingOrders: boolean): Promise<RestaurantDocument> {
      const changed = await collection.findOneAndUpdate(
        { _id: restaurantId },
        { $set: { acceptingOrders } },
        { returnDocument: "after" },
      );
      if (!changed) throw noSuchRestaurant();
      return changed;
    },

    browse: (filter: BrowseFilter, limit: number, after: BrowsePosition | undefined): Promise<Found[]> =>
      filter.near ? nearest(filter, filter.near, limit, after) : byName(filter, limit, after),
  };
}
