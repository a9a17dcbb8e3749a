import { expect, test } from "bun:test";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { startRestaurantService } from "../restaurant-service.builder.ts";

describeWithDatabases("POST /v1/orders/events/tickets", () => {
  test("answers with a ticket that opens the kitchen's stream once", async () => {
    const service = await startRestaurantService();
    service.answers.order = () => Response.json({ open: [], ended: [] });
    const { token } = await service.join();
    const { status, body } = await call<{ ticket: string }>(service.url, "POST /v1/orders/events/tickets", {
      token,
    });
    expect(status).toBe(201);
    const url = `${service.url}/v1/orders/events?ticket=${body.ticket}`;
    const stream = await openEventStream(url, {});
    expect([stream.status, (await fetch(url)).status]).toEqual([200, 401]);
    stream.close();
  });
});
