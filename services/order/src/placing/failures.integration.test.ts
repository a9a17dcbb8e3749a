import { beforeAll, describe, expect, test } from "bun:test";
import {
  duplicate,
  examples,
  OF_HTTP_READ,
  OF_MONGODB,
  OF_REDIS,
  outcomesWhile,
  outcomeWhen,
} from "@food/shared/testing/failing-calls";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { aRequest } from "../orders/order.builder.ts";

describeWithDatabases("while a call fails,", () => {
  let service: OrderService;
  let token: string;
  beforeAll(async () => {
    service = await startOrderService();
    await service.stopWorkers();
    token = await service.customer.serviceToken("order");
  });

  describe("POST /internal/orders", () => {
    const place = (headers: Record<string, string>) => {
      const deliveryAddress = { ...aRequest().deliveryAddress, line1: newId("way") };
      return call(service.url, "POST /internal/orders", {
        token,
        headers,
        body: aRequest({ deliveryAddress }),
      });
    };

    test("to MongoDB, answers 503, or 201 when the driver repeats it", async () => {
      expect(await outcomesWhile("mongodb", OF_MONGODB, place)).toEqual(
        examples("201", "503 DATABASE_UNAVAILABLE"),
      );
    });

    test("to Redis, answers 201", async () => {
      expect(await outcomesWhile("redis", OF_REDIS, place)).toEqual(examples("201"));
    });

    test("to the restaurant service, answers 503, or 201 when it repeats it", async () => {
      expect(await outcomesWhile("http", OF_HTTP_READ, place)).toEqual(
        examples("201", "503 DEPENDENCY_UNAVAILABLE"),
      );
    });

    test("since another request lists an order first, answers 201", async () => {
      expect(await outcomeWhen("mongodb", "update open_orders", duplicate("_id_"), place)).toBe("201");
    });

    test("since another order takes the slot first, answers 201", async () => {
      const taken = duplicate("open_of_customer");
      expect(await outcomeWhen("mongodb", "insert orders", taken, place)).toBe("201");
    });
  });

  describe("POST /internal/orders/:orderId/accept", () => {
    const accept = async (headers: Record<string, string>) => {
      const { orderId, restaurantId } = await service.placed();
      return call(service.url, `POST /internal/orders/${orderId}/accept`, {
        ...{ token: await service.restaurant.serviceToken("order"), headers },
        body: { actorId: restaurantId, prepMinutes: 15 },
      });
    };

    test("to MongoDB, answers 503, or 200 when the driver repeats it", async () => {
      expect(await outcomesWhile("mongodb", OF_MONGODB, accept)).toEqual(
        examples("200", "503 DATABASE_UNAVAILABLE"),
      );
    });

    test("to Redis, answers 200", async () => {
      expect(await outcomesWhile("redis", OF_REDIS, accept)).toEqual(examples("200"));
    });
  });
});
