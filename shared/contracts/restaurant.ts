// Restaurants and menus in the restaurant service's API, and its quotes to the order service.
import { type Static, Type } from "@sinclair/typebox";
import {
  CalendarDate,
  Cents,
  Currency,
  Instant,
  InstantNearNow,
  Line,
  Phone,
  PostalAddress,
  StoredAddress,
  Text,
} from "../src/values/fields.ts";
import { Location } from "../src/values/geo.ts";
import { oneOf } from "../src/values/one-of.ts";
import { pageOf } from "../src/values/page.ts";
import { stored } from "../src/values/ruled.ts";
import { DeliveryZones } from "./delivery-zones.ts";
import { Allergen, Diet, ImageUrl } from "./dish-facts.ts";
import { DishId, OrderId, RestaurantId } from "./ids.ts";
import { OfferedGroups, OptionGroup } from "./option-groups.ts";
import { OrderLines } from "./order-lines.ts";
import { CartQuote, QuoteId, TaxRate, TaxTerms, TipCents } from "./price.ts";

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
export const Weekday = oneOf(WEEKDAYS);
const Times = { opens: TimeOfDay, closes: TimeOfDay };
export const WeeklyInterval = Type.Object({ day: Weekday, ...Times }, strict);

export const SpecialHours = Type.Object(
  {
    date: CalendarDate,
    lastDate: Type.Optional({
      ...CalendarDate,
      description: "The last day of a range that begins at `date`",
    }),
    intervals: Type.Array(Type.Object(Times, strict), {
      maxItems: 4,
      description: "Replace the weekly intervals on these days; empty when closed",
    }),
  },
  strict,
);

export const OpeningHours = Type.Object(
  {
    timeZone: Type.String({ maxLength: 64, description: "IANA time zone", examples: ["Europe/Berlin"] }),
    intervals: Type.Array(WeeklyInterval, {
      maxItems: 28,
      description:
        "An interval that closes at or before its opening time ends on the next day. When clocks go back, an interval is open once: a time that occurs twice is the first of the two",
    }),
    specialHours: Type.Optional(
      Type.Array(SpecialHours, {
        maxItems: 60,
        description: "Holidays, closures and days with other hours. Each day at most once",
      }),
    ),
  },
  strict,
);
export type OpeningHours = Static<typeof OpeningHours>;

export const CategoryHours = Type.Object(
  {
    category: Line(60),
    intervals: Type.Array(WeeklyInterval, {
      maxItems: 28,
      description: "When its dishes can be ordered, in the time zone of the restaurant's opening hours",
    }),
  },
  strict,
);
export type CategoryHours = Static<typeof CategoryHours>;

/** A restaurant with the rules for its owner's input. */
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
        description: "The menu's categories in order. Other categories follow by name",
      }),
    ),
    categoryHours: Type.Optional(
      Type.Array(CategoryHours, {
        maxItems: 100,
        description:
          "Categories whose dishes can be ordered only at these times, each at most once. Needs opening hours, which have the time zone",
      }),
    ),
    deliveryZones: Type.Optional(DeliveryZones),
    deliversByZone: Type.Optional(
      Type.Boolean({
        description:
          "True when range, fee and minimum depend on the address, which `/delivery` answers. The flat fee and the radius do not count then",
      }),
    ),
    tax: Type.Optional(TaxTerms),
    acceptingOrders: Type.Boolean(),
    openNow: Type.Boolean({ description: "Open according to its hours, and accepting orders" }),
    opensAt: Type.Optional({
      ...Instant,
      description:
        "When it opens next, if it accepts orders and is closed now; absent when that is more than a year away",
    }),
    closesAt: Type.Optional({
      ...Instant,
      description: "When it closes, if it is open now; absent when that is more than a week away",
    }),
    distanceMeters: Type.Optional(Type.Integer({ description: "From the requested position" })),
  },
  strict,
);
/** The public view of a restaurant. */
export const Restaurant = stored(
  Type.Omit(RestaurantFields, ["deliveryZones"], { additionalProperties: false }),
);
export type Restaurant = Static<typeof Restaurant>;
export const RestaurantPage = pageOf(Restaurant);

/** A dish with the rules for its owner's input. */
export const DishFields = Type.Object(
  {
    dishId: DishId,
    name: Line(120),
    description: Text(1000),
    category: Line(60),
    priceCents: Cents,
    available: Type.Boolean(),
    optionGroups: Type.Optional(OfferedGroups),
    taxBasisPoints: Type.Optional({
      ...TaxRate,
      description: "Tax rate, of its options too. Absent: not stated",
    }),
    sortOrder: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 9_999,
        description:
          "Position within the category, lowest first. Dishes with equal positions sort by name, dishes without one come last",
      }),
    ),
    imageUrl: Type.Optional(ImageUrl),
    allergens: Type.Optional(
      Type.Array(Allergen, {
        maxItems: 14,
        uniqueItems: true,
        description: "The EU's 14 that it contains. Empty: none of them. Absent: unknown",
      }),
    ),
    diets: Type.Optional(
      Type.Array(Diet, { maxItems: 4, uniqueItems: true, description: "What it is suitable for" }),
    ),
    soldOutUntil: Type.Optional({
      ...InstantNearNow,
      description: "Sold out until this time, within a year. For longer, put `available` to false",
    }),
  },
  strict,
);
export const Dish = stored(DishFields);
export type Dish = Static<typeof Dish>;

/** A dish as customers see it. */
export const MenuDish = Type.Composite(
  [
    Type.Omit(Dish, ["soldOutUntil"]),
    Type.Object({
      unavailableBecause: Type.Optional(
        Type.Unsafe<"sold_out" | "outside_hours">(
          Type.Union([Type.Literal("sold_out"), Type.Literal("outside_hours")], {
            description: "Present when it cannot be ordered now, so when `available` is false",
          }),
        ),
      ),
      availableFrom: Type.Optional({
        ...Instant,
        description: "When it can be ordered again; absent when that is not known",
      }),
    }),
  ],
  strict,
);
export type MenuDish = Static<typeof MenuDish>;

export const MenuCategory = Type.Object(
  {
    name: Type.String(),
    intervals: Type.Optional(
      Type.Array(WeeklyInterval, {
        description: "When its dishes can be ordered, by the restaurant's clock; absent when always",
      }),
    ),
    dishes: Type.Array(MenuDish),
  },
  strict,
);
export type MenuCategory = Static<typeof MenuCategory>;

export const Menu = Type.Object(
  {
    restaurantId: RestaurantId,
    restaurantName: Type.String(),
    currency: stored(Currency),
    currencyExponent: Type.Integer({
      description: "Digits of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD",
    }),
    categories: Type.Array(MenuCategory),
    optionGroups: Type.Optional(
      Type.Array(OptionGroup, { description: "The groups that its dishes and their options offer" }),
    ),
  },
  strict,
);
export type Menu = Static<typeof Menu>;

export const QuoteRequest = Type.Object(
  {
    restaurantId: RestaurantId,
    items: OrderLines,
    dropoff: Location,
    tipCents: Type.Optional(TipCents),
    quoteId: Type.Optional(QuoteId),
    orderId: Type.Optional({ ...OrderId, description: "The order for which to take limited portions" }),
  },
  strict,
);
export type QuoteRequest = Static<typeof QuoteRequest>;

/** Current prices. Additional fields are allowed, because the order service may be an older release. */
export const Quote = Type.Object({
  restaurantId: RestaurantId,
  restaurantName: Type.String(),
  address: StoredAddress,
  currency: stored(Currency),
  deliveryFeeCents: Type.Integer(),
  prepMinutes: Type.Integer(),
  /** Whether the order has taken limited portions, which its end must give back. */
  stockTaken: Type.Optional(Type.Boolean()),
  /** Each dish once, at its price without options. */
  items: Type.Array(Type.Object({ dishId: DishId, name: Type.String(), unitPriceCents: Type.Integer() })),
  /** What the customer sees and pays. Absent in an older release, which knows neither options nor taxes. */
  cart: Type.Optional(CartQuote),
});
export type Quote = Static<typeof Quote>;
