// What the restaurant service says of restaurants and menus, and the quote it gives to the order service.
import { type Static, Type } from "@sinclair/typebox";
import { t } from "elysia";
import {
  CalendarDate,
  Cents,
  Currency,
  Instant,
  Line,
  Phone,
  PostalAddress,
  StoredAddress,
  Text,
} from "../src/values/fields.ts";
import { Location } from "../src/values/geo.ts";
import { pageOf, pageQuery } from "../src/values/page.ts";
import { stored } from "../src/values/ruled.ts";
import { DishId, RestaurantId } from "./ids.ts";
import { OrderLines } from "./order.ts";

const strict = { additionalProperties: false } as const;

const TimeOfDay = Type.String({
  pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
  maxLength: 5,
  examples: ["11:30"],
});
export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
const Weekday = Type.Unsafe<(typeof WEEKDAYS)[number]>(Type.Union(WEEKDAYS.map((day) => Type.Literal(day))));
const Times = { opens: TimeOfDay, closes: TimeOfDay };

const SpecialHours = Type.Object(
  {
    date: CalendarDate,
    lastDate: Type.Optional({
      ...CalendarDate,
      description: "The last of several days, whose first is `date`",
    }),
    intervals: Type.Array(Type.Object(Times, strict), {
      maxItems: 4,
      description: "What begins on these days, in place of the week's; empty when it is closed",
    }),
  },
  strict,
);

export const OpeningHours = Type.Object(
  {
    timeZone: Type.String({ maxLength: 64, description: "IANA time zone", examples: ["Europe/Berlin"] }),
    intervals: Type.Array(Type.Object({ day: Weekday, ...Times }, strict), {
      maxItems: 28,
      description:
        "An interval that closes at or before it opens ends on the next day. Each is open once, also when the clocks are put back: a time that comes twice is the first of the two",
    }),
    specialHours: Type.Optional(
      Type.Array(SpecialHours, {
        maxItems: 60,
        description: "Holidays, other closings and days with other hours. No two are for the same day",
      }),
    ),
  },
  strict,
);
export type OpeningHours = Static<typeof OpeningHours>;

/** A restaurant with the rules for what its owner writes. */
export const RestaurantFields = Type.Object(
  {
    restaurantId: RestaurantId,
    name: Line(120),
    cuisines: Type.Array(Line(40), { maxItems: 10 }),
    phone: Phone,
    address: PostalAddress,
    currency: Currency,
    deliveryRadiusMeters: Type.Integer({ minimum: 100, maximum: 100_000 }),
    deliveryFeeCents: Cents,
    prepMinutes: Type.Integer({ minimum: 1, maximum: 240 }),
    openingHours: Type.Optional(OpeningHours),
    categoryOrder: Type.Optional(
      Type.Array(Line(60), {
        maxItems: 100,
        uniqueItems: true,
        description: "The menu's categories in their order. Others follow by name",
      }),
    ),
    acceptingOrders: Type.Boolean(),
    openNow: Type.Boolean({ description: "Within its opening hours and accepting orders" }),
    opensAt: Type.Optional({
      ...Instant,
      description:
        "When it opens again, where it accepts orders and is closed now; absent when that is not within a year",
    }),
    closesAt: Type.Optional({
      ...Instant,
      description: "When it closes, where it is open now; absent when that is not within a week",
    }),
    distanceMeters: Type.Optional(Type.Integer({ description: "From the position asked for" })),
  },
  strict,
);
/** A restaurant as everybody may see it. */
export const Restaurant = stored(RestaurantFields);
export type Restaurant = Static<typeof Restaurant>;
export const RestaurantPage = pageOf(Restaurant);

/** A dish with the rules for what its owner writes. */
export const DishFields = Type.Object(
  {
    dishId: DishId,
    name: Line(120),
    description: Text(1000),
    category: Line(60),
    priceCents: Cents,
    available: Type.Boolean(),
    sortOrder: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 9_999,
        description:
          "Its place within the category, lowest first. Dishes of one place go by name, and those without any come last",
      }),
    ),
  },
  strict,
);
export const Dish = stored(DishFields);
export type Dish = Static<typeof Dish>;

export const Menu = Type.Object(
  {
    restaurantId: RestaurantId,
    restaurantName: Type.String(),
    currency: stored(Currency),
    categories: Type.Array(Type.Object({ name: Type.String(), dishes: Type.Array(Dish) }, strict)),
  },
  strict,
);
export type Menu = Static<typeof Menu>;

export const QuoteRequest = Type.Object(
  { restaurantId: RestaurantId, items: OrderLines, dropoff: Location },
  strict,
);
export type QuoteRequest = Static<typeof QuoteRequest>;

/** What the menu says right now; the reader may be older than the writer, so more fields are no fault. */
export const Quote = Type.Object({
  restaurantId: RestaurantId,
  restaurantName: Type.String(),
  address: StoredAddress,
  currency: stored(Currency),
  deliveryFeeCents: Type.Integer(),
  prepMinutes: Type.Integer(),
  items: Type.Array(Type.Object({ dishId: DishId, name: Type.String(), unitPriceCents: Type.Integer() })),
});
export type Quote = Static<typeof Quote>;

const NEAR = "^-?[0-9]{1,2}(\\.[0-9]{1,20})?,-?[0-9]{1,3}(\\.[0-9]{1,20})?$";
export const BrowseQuery = Type.Object({
  near: Type.Optional(
    Type.String({
      pattern: NEAR,
      maxLength: 60,
      description:
        "lat,lng: nearest first, and none further away than any restaurant delivers (100 km). Distances are counted from the nearest thousandth of a degree, which is within 80 m",
      examples: ["52.52,13.405"],
    }),
  ),
  query: Type.Optional(
    Text(
      100,
      "Words of the name or the cuisine, or their beginnings, whatever their case, accents and apostrophes. One without a letter or a digit finds nothing",
      1,
    ),
  ),
  cuisine: Type.Optional(Line(40)),
  open: Type.Optional(t.Boolean({ description: "Only those that take orders right now" })),
  delivers: Type.Optional(
    t.Boolean({
      description:
        "Only those that deliver to `near`, which must be given: to exactly that position, as an order would be taken",
    }),
  ),
  ...pageQuery,
});
export type BrowseQuery = Static<typeof BrowseQuery>;
