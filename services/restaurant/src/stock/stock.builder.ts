// A restaurant with one limited dish, and what tests do with its stock.
import type { Dish, Menu, Quote } from "@food/shared/contracts/restaurant";
import type { Problem } from "@food/shared/http/problem";
import type { Answer } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { BERLIN, type Member, type RestaurantService } from "../restaurant-service.builder.ts";
import type { WithStock } from "./stock.ts";

export interface Limited {
  member: Member;
  dish: Dish;
  /** Orders portions as the order service does, from this replica. */
  take: (
    quantity?: number,
    orderId?: string,
    replica?: RestaurantService,
  ) => Promise<Answer<Quote & Problem>>;
  release: (orderId: string) => Promise<Answer<Problem>>;
  stored: () => Promise<WithStock>;
  remaining: () => Promise<number | undefined>;
  isOnMenu: () => Promise<boolean | undefined>;
}

export async function limited(
  service: RestaurantService,
  stock: { remaining: number; perDay?: number },
): Promise<Limited> {
  const member = await service.join();
  const { restaurantId } = member;
  const dish = await service.addDish(member);
  await service.call(`PUT /v1/restaurants/me/dishes/${dish.dishId}/stock`, { ...member, body: stock });
  const stored = async (): Promise<WithStock> =>
    (await service.base.mongo.db
      .collection<WithStock & { _id: string }>("restaurants")
      .findOne({ _id: restaurantId })) ?? {};
  return {
    member,
    dish,
    take: async (quantity = 1, orderId = newId("ord"), replica = service) =>
      replica.call<Quote & Problem>("POST /internal/quotes", {
        token: await replica.order.serviceToken("restaurant"),
        body: { restaurantId, items: [{ dishId: dish.dishId, quantity }], dropoff: BERLIN, orderId },
      }),
    release: async (orderId) =>
      service.call(`PUT /internal/stock/${orderId}/release`, {
        token: await service.order.serviceToken("restaurant"),
        body: { restaurantId },
      }),
    stored,
    remaining: async () => (await stored()).stock?.[dish.dishId]?.remaining,
    isOnMenu: async () => {
      const { body } = await service.call<Menu>(`GET /v1/restaurants/${restaurantId}/menu`);
      return body.categories[0]?.dishes[0]?.available;
    },
  };
}
