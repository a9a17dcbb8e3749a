import { ACCOUNT_DATA, HASH_LEFT_OUT, type OwnData } from "@food/shared/accounts/export/own-data";
import type { Caller } from "@food/shared/auth/tokens";

const DERIVED = "a search key, derived from the fields that are exported";

/** Of the person, for everybody who works in the restaurant. */
const PERSON: readonly OwnData[] = [
  { ...{ section: "person", collection: "staff", by: "_id", of: "account" }, leftOut: HASH_LEFT_OUT },
  ...ACCOUNT_DATA.filter(({ of }) => of === "account"),
];

/** Of the restaurant, for its owners. */
const RESTAURANT: readonly OwnData[] = [
  {
    ...{ section: "restaurant", collection: "restaurants", by: "_id", of: "owner" },
    leftOut: {
      ...HASH_LEFT_OUT,
      "team.invitations": "other people's addresses, at GET /v1/restaurants/me/staff/invitations",
      searchTerms: DERIVED,
      cuisineKeys: DERIVED,
      sortName: DERIVED,
      position: DERIVED,
      zoneReachMeters: DERIVED,
    },
  },
  {
    ...{ section: "dishes", collection: "dishes", by: "restaurantId", of: "owner" },
    leftOut: { searchTerms: DERIVED },
  },
  ...ACCOUNT_DATA.filter(({ of }) => of === "owner"),
];

export const ownDataOf = ({ staffRole = "owner" }: Pick<Caller, "staffRole">): readonly OwnData[] =>
  staffRole === "owner" ? [...PERSON, ...RESTAURANT] : PERSON;

export const elsewhere = [
  { what: "the restaurant's orders", where: "GET /v1/orders" },
  { what: "the restaurant's webhooks and their log", where: "order service: GET /v1/webhooks" },
];
