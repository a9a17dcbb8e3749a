// Option groups are stored in their restaurant's document, so one conditional update checks a change against all groups,
// and a quote reads them with the restaurant.
import { OPTION_GROUPS_MAX, type Option, type OptionGroup } from "@food/shared/contracts/option-groups";
import { conflict, notFound, preconditionFailed, unprocessable } from "@food/shared/values/errors";
import { versionsIn } from "@food/shared/values/etag";
import { newId } from "@food/shared/values/id";
import type { Collection } from "mongodb";
import { noSuchRestaurant, type RestaurantDocument, type StoredOptionGroup } from "../restaurants/store.ts";
import { type Fault, faultsInGroup, groupsOf } from "./option-group.ts";
import type { ChangeOption, ChangeOptionGroup, NewOptionGroup } from "./schema.ts";

export type OptionGroupStore = ReturnType<typeof optionGroupStore>;

/** Each failed try is a change that another request made. */
const TRIES_MAX = 50;

export const groupView = ({ version: _, ...group }: StoredOptionGroup): OptionGroup => group;
export const groupEtag = ({ version }: StoredOptionGroup) => `"${version}"`;

const noSuchGroup = () => notFound("OPTION_GROUP_NOT_FOUND", "There is no such option group.");
const noSuchOption = () => notFound("OPTION_NOT_FOUND", "There is no such option.");
const stale = () =>
  preconditionFailed("OPTION_GROUP_CHANGED", "The group has changed since it was read. Read it again.");
const full = () =>
  conflict(
    "TOO_MANY_OPTION_GROUPS",
    `A restaurant has at most ${OPTION_GROUPS_MAX} option groups. Delete one first.`,
  );

export const invalidGroup = (details: Fault[]) =>
  unprocessable("OPTION_GROUP_INVALID", "The options do not fit together. See the details.", { details });

type GivenOption = NonNullable<ChangeOptionGroup["options"]>[number];

/** Options with their ids: kept ones have their earlier fields where none are given. */
function optionsOf(given: GivenOption[], current: readonly Option[]): Option[] {
  const ids = given.flatMap(({ optionId }) => optionId ?? []);
  const wrong = given.flatMap(({ optionId }, i) => {
    if (optionId === undefined) return [];
    const isKnown = current.some((option) => option.optionId === optionId);
    if (isKnown && ids.indexOf(optionId) === ids.lastIndexOf(optionId)) return [];
    return [
      { pointer: `/options/${i}/optionId`, detail: "An option of this group, once; none for a new one" },
    ];
  });
  if (wrong.length > 0) throw invalidGroup(wrong);
  return given.map((option) => ({
    ...{ optionId: newId("opt"), available: true, maxQuantity: 1 },
    ...current.find(({ optionId }) => optionId === option.optionId),
    ...option,
  }));
}

export function optionGroupStore(restaurants: Collection<RestaurantDocument>) {
  async function read(restaurantId: string) {
    const projection = { optionGroups: 1, optionGroupsVersion: 1 } as const;
    const found = await restaurants.findOne({ _id: restaurantId }, { projection });
    if (!found) throw noSuchRestaurant();
    return found;
  }

  const list = async (restaurantId: string): Promise<StoredOptionGroup[]> =>
    (await read(restaurantId)).optionGroups ?? [];

  /** Stores what `decide` makes of the groups. Decides again when another request has changed them meanwhile. */
  async function rewrite<T>(
    restaurantId: string,
    decide: (groups: StoredOptionGroup[]) => { groups: StoredOptionGroup[]; result: T },
  ): Promise<T> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const { optionGroups = [], optionGroupsVersion = { $exists: false } } = await read(restaurantId);
      const { groups, result } = decide(optionGroups);
      const { matchedCount } = await restaurants.updateOne(
        { _id: restaurantId, optionGroupsVersion },
        { $set: { optionGroups: groups }, $inc: { optionGroupsVersion: 1 } },
      );
      if (matchedCount === 1) return result;
    }
    throw conflict("RESTAURANT_BUSY", "Other requests changed the restaurant at the same time. Try again.");
  }

  function requireGroup(groups: StoredOptionGroup[], optionGroupId: string, ifMatch?: string) {
    const group = groups.find((one) => one.optionGroupId === optionGroupId);
    if (!group) throw noSuchGroup();
    const versions = versionsIn(ifMatch);
    if (versions && !versions.includes(group.version)) throw stale();
    return group;
  }

  /** Puts the group in the place of its earlier version, or last. Throws 422 when it does not fit the others. */
  function withGroup(groups: StoredOptionGroup[], group: StoredOptionGroup) {
    const others = groups.filter(({ optionGroupId }) => optionGroupId !== group.optionGroupId);
    const place = groups.findIndex(({ optionGroupId }) => optionGroupId === group.optionGroupId);
    const next = others.toSpliced(place < 0 ? others.length : place, 0, group);
    const details = faultsInGroup(group, groupsOf(next));
    if (details.length > 0) throw invalidGroup(details);
    return { groups: next, result: group };
  }

  return {
    list,

    get: async (restaurantId: string, optionGroupId: string) =>
      requireGroup(await list(restaurantId), optionGroupId),

    /** Throws 409 when there are too many, and 422 like `change`. */
    add: (restaurantId: string, { options, ...group }: NewOptionGroup) =>
      rewrite(restaurantId, (groups) => {
        if (groups.length >= OPTION_GROUPS_MAX) throw full();
        const optionGroupId = newId("ogp");
        return withGroup(groups, { optionGroupId, ...group, options: optionsOf(options, []), version: 1 });
      }),

    /** Throws 404, 412 when the current version does not match If-Match, and 422 when the group does not fit the others. */
    change: (
      restaurantId: string,
      optionGroupId: string,
      { options, ...change }: ChangeOptionGroup,
      ifMatch: string | undefined,
    ) =>
      rewrite(restaurantId, (groups) => {
        const group = requireGroup(groups, optionGroupId, ifMatch);
        return withGroup(groups, {
          ...group,
          ...change,
          ...(options && { options: optionsOf(options, group.options) }),
          version: group.version + 1,
        });
      }),

    /** Throws like `change`. */
    changeOption: (
      restaurantId: string,
      optionGroupId: string,
      optionId: string,
      change: ChangeOption,
      ifMatch: string | undefined,
    ) =>
      rewrite(restaurantId, (groups) => {
        const group = requireGroup(groups, optionGroupId, ifMatch);
        if (!group.options.some((option) => option.optionId === optionId)) throw noSuchOption();
        const options = group.options.map((option) =>
          option.optionId === optionId ? { ...option, ...change } : option,
        );
        return withGroup(groups, { ...group, options, version: group.version + 1 });
      }),

    /** Takes it out of the options that offer it, too. Throws 404, and 412 like `change`. */
    remove: (restaurantId: string, optionGroupId: string, ifMatch: string | undefined) =>
      rewrite(restaurantId, (groups) => {
        requireGroup(groups, optionGroupId, ifMatch);
        const rest = groups.filter((group) => group.optionGroupId !== optionGroupId);
        return { groups: rest.map((group) => withoutInner(group, optionGroupId)), result: undefined };
      }),
  };
}

function withoutInner(group: StoredOptionGroup, optionGroupId: string): StoredOptionGroup {
  const offers = ({ optionGroups = [] }: Option) =>
    optionGroups.some((offered) => offered.optionGroupId === optionGroupId);
  if (!group.options.some(offers)) return group;
  const options = group.options.map((option) =>
    offers(option)
      ? {
          ...option,
          optionGroups: option.optionGroups?.filter((one) => one.optionGroupId !== optionGroupId) ?? [],
        }
      : option,
  );
  return { ...group, options, version: group.version + 1 };
}
