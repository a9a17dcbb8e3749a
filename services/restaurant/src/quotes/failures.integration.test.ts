import { beforeAll, describe, expect, test } from "bun:test";
import { examples, OF_MONGODB, outcomesWhile } from "@food/shared/testing/failing-calls";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  BERLIN,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

describeWithDatabases("while a call fails,", () => {
  let service: RestaurantService;
  let member: Member;
  let dishId: string;
  let token: string;
  beforeAll(async () => {
    service = await startRestaurantService();
    member = await service.join();
    ({ dishId } = await service.addDish(member));
    const limit = { token: member.token, body: { remaining: 100_000 } };
    await service.call(`PUT /v1/restaurants/me/dishes/${dishId}/stock`, limit);
    token = await service.order.serviceToken("restaurant");
  });

  describe("POST /internal/quotes", () => {
    const ask = (headers: Record<string, string>) =>
      service.call<Record<string, unknown>>("POST /internal/quotes", {
        ...{ token, headers },
        body: {
          ...{ restaurantId: member.restaurantId, orderId: newId("ord"), dropoff: BERLIN },
          items: [{ dishId, quantity: 1 }],
        },
      });

    test("to MongoDB, answers 503, or 200 when the driver repeats it", async () => {
      expect(await outcomesWhile("mongodb", OF_MONGODB, ask)).toEqual(
        examples("200", "503 DATABASE_UNAVAILABLE"),
      );
    });
  });

  describe("PUT /internal/stock/:orderId/release", () => {
    const release = (headers: Record<string, string>) =>
      service.call<Record<string, unknown>>(`PUT /internal/stock/${newId("ord")}/release`, {
        ...{ token, headers, body: { restaurantId: member.restaurantId } },
      });

    test("to MongoDB, answers 503, or 204 when the driver repeats it", async () => {
      expect(await outcomesWhile("mongodb", OF_MONGODB, release)).toEqual(
        examples("204", "503 DATABASE_UNAVAILABLE"),
      );
    });
  });
});
