import { beforeAll, describe, expect, test } from "bun:test";
import { examples, OF_HTTP, OF_MONGODB, outcomesWhile } from "@food/shared/testing/failing-calls";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { anAddress, type CustomerService, startCustomerService } from "../customer-service.builder.ts";

describeWithDatabases("while a call fails,", () => {
  let service: CustomerService;
  let token: string;
  let addressId: string;
  beforeAll(async () => {
    service = await startCustomerService();
    service.answers.order = () => Response.json({ orderId: newId("ord") }, { status: 201 });
    ({ token } = await service.signUp());
    const { body } = await call(service.url, "POST /v1/customers/me/addresses", { token, body: anAddress() });
    addressId = String(body.addressId);
  });

  describe("POST /v1/orders", () => {
    const place = (headers: Record<string, string>) =>
      call(service.url, "POST /v1/orders", {
        ...{ token, headers: { ...headers, "idempotency-key": crypto.randomUUID() } },
        body: { restaurantId: newId("rst"), items: [{ dishId: newId("dsh"), quantity: 1 }], addressId },
      });

    test("to MongoDB, answers 503, or 201 when the driver repeats it", async () => {
      expect(await outcomesWhile("mongodb", OF_MONGODB, place)).toEqual(
        examples("201", "503 DATABASE_UNAVAILABLE"),
      );
    });

    test("to the order service, answers 503, or 201 when it repeats it", async () => {
      expect(await outcomesWhile("http", OF_HTTP, place)).toEqual(
        examples("201", "503 DEPENDENCY_UNAVAILABLE"),
      );
    });
  });
});
