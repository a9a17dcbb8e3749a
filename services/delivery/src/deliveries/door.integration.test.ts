// Only the courier of a delivery sees the customer's address and contact, and only until it ends.
import { beforeAll, expect, test } from "bun:test";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import {
  aNewDelivery,
  anOrderView,
  aTrip,
  type DeliveryService,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import type { Delivery } from "./schema.ts";

const SECRETS = ["Rear Building 7", "Ring at Lovelace", "Ada Lovelace", "+49 30 5550199", "At the lake"];
const [line1 = "", note = "", name = "", phone = "", label = ""] = SECRETS;

describeWithDatabases("the door of a delivery", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
    service.answers.move = ({ orderId }) => Response.json(anOrderView(orderId));
  });

  async function anAssignment() {
    const courier = await service.aCourier();
    const plain = aNewDelivery();
    const address = { ...plain.dropoff.address, line1, label };
    const dropoff = { address, note, contact: { name, phone } };
    await service.assign(aTrip(courier.courierId, { deliveries: [{ ...plain, dropoff }] }));
    return { ...courier, deliveryId: plain.deliveryId, orderId: plain.orderId, dropoff };
  }
  type Assignment = Awaited<ReturnType<typeof anAssignment>>;
  const get = <T = Delivery>({ token }: Assignment, path: string) =>
    call<T>(service.url, `GET /v1/deliveries${path}`, { token });
  const follow = ({ token }: Assignment) =>
    openEventStream(`${service.url}/v1/deliveries/events`, { authorization: `Bearer ${token}` });
  const told = (mine: Assignment, status: "released" | "delivered" | "failed") =>
    service.follow(mine.deliveryId, mine.orderId, { status, orderVersion: 9 });

  test("is shown to the courier of the delivery, with note, label and phone", async () => {
    const mine = await anAssignment();
    expect((await get(mine, `/${mine.deliveryId}`)).body.dropoff).toEqual(mine.dropoff);
    const { body } = await get<{ items: Delivery[] }>(mine, "");
    expect(body.items[0]?.dropoff).toEqual(mine.dropoff);
    const picked = await service.act(mine, mine.deliveryId, "pickup");
    expect(picked.body.dropoff).toEqual(mine.dropoff);
  });

  for (const [how, end] of [
    ["declining", (mine: Assignment) => service.act(mine, mine.deliveryId, "decline")],
    ["delivering", (mine: Assignment) => service.act(mine, mine.deliveryId, "deliver", { pin: "0417" })],
    ["failing", (mine: Assignment) => service.act(mine, mine.deliveryId, "fail", { reason: "refused" })],
    ["a release by the order service", (mine: Assignment) => told(mine, "released")],
    ["the order service reports it delivered", (mine: Assignment) => told(mine, "delivered")],
    ["the order service reports it failed", (mine: Assignment) => told(mine, "failed")],
  ] as const)
    test(`after ${how}: is absent from every answer, the stream and the database`, async () => {
      const mine = await anAssignment();
      const before = await follow(mine);
      await eventually(async () => before.events.some(({ event }) => event === "snapshot"));
      const ended = await end(mine);
      const last = await eventually(async () => before.events.find(({ event }) => event === "delivery"));
      const after = await follow(mine);
      await eventually(async () => after.events.some(({ event }) => event === "snapshot"));
      const shown = [
        ...[ended.body, last, after.events],
        (await get(mine, `/${mine.deliveryId}`)).body,
        (await get(mine, "")).body,
        await service.stored(mine.deliveryId),
      ];
      for (const one of shown)
        for (const secret of SECRETS) expect(JSON.stringify(one)).not.toContain(secret);
      for (const { close } of [before, after]) close();
    });
});
