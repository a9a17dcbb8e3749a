// Stock of dishes: who holds it while an order is placed, and what became of that order.
import { type Static, Type } from "@sinclair/typebox";
import { OrderId, RestaurantId } from "./ids.ts";

const strict = { additionalProperties: false } as const;

/** Asks what became of orders that may hold stock. An order that was not placed by then can no longer be placed. */
export const OrderOutcomesRequest = Type.Object(
  { orderIds: Type.Array(OrderId, { minItems: 1, maxItems: 100 }) },
  strict,
);
export type OrderOutcomesRequest = Static<typeof OrderOutcomesRequest>;

const OrderOutcome = Type.Unsafe<"open" | "used" | "unused">(
  Type.Union([Type.Literal("open"), Type.Literal("used"), Type.Literal("unused")], {
    description: "`unused`: rejected, cancelled, or never placed. `used`: handed to a courier",
  }),
);
export const OutcomeOfOrder = Type.Object({ orderId: OrderId, outcome: OrderOutcome });
export const OrderOutcomes = Type.Object({ items: Type.Array(OutcomeOfOrder) });
export type OrderOutcomes = Static<typeof OrderOutcomes>;

/** Gives back what an order has taken. Repeating it changes nothing. */
export const ReleaseStock = Type.Object({ restaurantId: RestaurantId }, strict);
export type ReleaseStock = Static<typeof ReleaseStock>;
