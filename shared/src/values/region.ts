// The region of this process: the town or part of the world whose platform it belongs to. Set once at the start, before the
// first id is made. Without one, ids, tokens and answers name no region, and fit every region.
import { notFound, unauthenticated } from "./errors.ts";

/** Begins with a letter, so that ids with a region sort after those that were made before there was one. */
export const REGION = "[a-z][a-z0-9]{0,7}";
const IN_ID = new RegExp(`^[a-z]{3}_(${REGION})_[0-9a-z]{26}$`);

let own = "";

export const currentRegion = (): string => own;
export const useRegion = (name: string): void => {
  own = name;
};

/** Part of an answer: the region, where there is one. */
export const regionField = (): { region?: string } => (own === "" ? {} : { region: own });

const isOther = (name: unknown) => own !== "" && typeof name === "string" && name !== "" && name !== own;

/** Throws 404 for an id of another region. An id without a region fits every region. */
export function requireOwnId(id: string): void {
  if (!isOther(IN_ID.exec(id)?.[1])) return;
  throw notFound(
    "WRONG_REGION",
    `This is the region ${own}, and the id is of another one: ask the region that the id names.`,
    regionField(),
  );
}

/** Throws 401 for the `region` claim of another region. A token without one fits every region. */
export function requireOwnRegion(claim: unknown): void {
  if (!isOther(claim)) return;
  throw unauthenticated(
    "WRONG_REGION",
    `This is the region ${own}, and the token is of another one: sign in here, or ask the region that it is of.`,
    regionField(),
  );
}
