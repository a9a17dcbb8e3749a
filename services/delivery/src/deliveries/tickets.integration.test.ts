import { expect, test } from "bun:test";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { startDeliveryService } from "../delivery-service.builder.ts";

describeWithDatabases("POST /v1/deliveries/events/tickets", () => {
  test("answers with a ticket that opens the courier's stream once", async () => {
    const service = await startDeliveryService();
    const { token } = await service.aCourier();
    const { status, body } = await call<{ ticket: string }>(
      service.url,
      "POST /v1/deliveries/events/tickets",
      { token },
    );
    expect(status).toBe(201);
    const url = `${service.url}/v1/deliveries/events?ticket=${body.ticket}`;
    const stream = await openEventStream(url, {});
    expect([stream.status, (await fetch(url)).status]).toEqual([200, 401]);
    stream.close();
  });
});
