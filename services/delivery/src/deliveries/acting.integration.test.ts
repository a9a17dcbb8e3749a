import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { DELIVERY_STATUSES } from "@food/shared/contracts/delivery";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anOrderView,
  aProblem,
  type DeliveryService,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import type { TripDelivery } from "../trips/trip.ts";

const ACTIONS = {
  decline: { body: undefined, orderStatus: "accepted", leadsTo: "released" },
  pickup: { body: undefined, orderStatus: "out_for_delivery", leadsTo: "picked_up" },
  deliver: { body: { pin: "0417" }, orderStatus: "delivered", leadsTo: "delivered" },
  fail: { body: { reason: "refused" }, orderStatus: "delivery_failed", leadsTo: "failed" },
} as const;
type Action = keyof typeof ACTIONS;
const actions = Object.keys(ACTIONS) as Action[];

describeWithDatabases("a courier's action on a delivery", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });
  beforeEach(() => {
    service.asked.length = 0;
    service.answers.move = ({ orderId, action }) =>
      Response.json(anOrderView(orderId, { status: ACTIONS[action as Action].orderStatus }));
  });
  const act = (by: { token: string }, deliveryId: string, action: Action) =>
    service.act(by, deliveryId, action, ACTIONS[action].body);
  /** Without the record that the order was asked (settling.integration.test.ts). */
  const stored = async (deliveryId: string) => {
    const { asked: _, ...delivery } = (await service.stored(deliveryId))?.delivery ?? {};
    return delivery as Partial<TripDelivery>;
  };
  const claimOf = async (courierId: string) => (await service.couriers().findOne({ _id: courierId }))?.claim;

  for (const action of actions)
    describe(`POST /v1/deliveries/:deliveryId/${action}`, () => {
      const { body, leadsTo } = ACTIONS[action];
      const ends = leadsTo !== "picked_up";
      /** Only the order knows its PIN. */
      const asksAgain = action === "deliver";

      test("answers 200 with the changed delivery after the order service agrees", async () => {
        const mine = await service.anAssignment();
        const { status, body: delivery } = await act(mine, mine.deliveryId, action);
        expect(status).toBe(200);
        expect(delivery).toMatchObject({
          deliveryId: mine.deliveryId,
          orderId: mine.orderId,
          status: leadsTo,
          ready: action !== "decline",
        });
        expect(delivery.endedAt === undefined).toBe(!ends);
        expect(delivery.pickedUpAt === undefined).toBe(action !== "pickup");
        expect(service.asked).toEqual([
          {
            orderId: mine.orderId,
            action,
            request: {
              ...{ actorId: mine.courierId, deliveryId: mine.deliveryId, ...body },
              ...(action !== "decline" && { followsUp: "true" }),
            },
          },
        ]);
        const claim = await claimOf(mine.courierId);
        expect(claim?.tripId).toBe(ends ? undefined : mine.tripId);
      });

      test(`when repeated, answers 200 ${asksAgain ? "after a call to" : "without a call to"} the order service and changes nothing`, async () => {
        const mine = await service.anAssignment();
        const first = await act(mine, mine.deliveryId, action);
        const before = await stored(mine.deliveryId);
        const again = await act(mine, mine.deliveryId, action);
        expect(again.status).toBe(200);
        expect(again.body).toEqual(first.body);
        expect(await stored(mine.deliveryId)).toEqual(before);
        expect(service.asked).toHaveLength(asksAgain ? 2 : 1);
      });

      test("when sent ten times at once, answers 200 to each and acts once", async () => {
        const mine = await service.anAssignment();
        const answers = await Promise.all(
          Array.from({ length: 10 }, () => act(mine, mine.deliveryId, action)),
        );
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
        expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
        expect(await stored(mine.deliveryId)).toMatchObject({ status: leadsTo, orderVersion: 10 });
        expect((await claimOf(mine.courierId))?.tripId).toBe(ends ? undefined : mine.tripId);
      });

      test("passes on a 409 of the order service unchanged, and changes nothing", async () => {
        const mine = await service.anAssignment();
        const before = await stored(mine.deliveryId);
        const refusal = { currentStatus: "preparing", allowedActions: ["decline"] };
        service.answers.move = () => aProblem(409, { code: "ILLEGAL_MOVE", detail: "Not now.", ...refusal });
        const { status, headers, body } = await act(mine, mine.deliveryId, action);
        expect(status).toBe(409);
        expect(headers.get("content-type")).toBe("application/problem+json");
        expect(body).toMatchObject({ code: "ILLEGAL_MOVE", detail: "Not now.", ...refusal } as object);
        expect(await stored(mine.deliveryId)).toEqual(before);
      });

      test("answers 409 when the order has another courier and the release has not arrived yet", async () => {
        const mine = await service.anAssignment();
        const before = await stored(mine.deliveryId);
        service.answers.move = () => aProblem(404, { code: "ORDER_NOT_FOUND" });
        const { status, body } = await act(mine, mine.deliveryId, action);
        expect(status).toBe(409);
        expect(body).toMatchObject({
          code: "ILLEGAL_MOVE",
          currentStatus: "released",
          allowedActions: [],
        } as object);
        expect(await stored(mine.deliveryId)).toEqual(before);
      });

      for (const over of DELIVERY_STATUSES.filter(
        (status) => !["assigned", "picked_up", leadsTo].includes(status),
      ))
        test(`answers 409 for a delivery that is ${over}, without a call to the order service`, async () => {
          const mine = await service.anAssignment();
          await service.follow(mine.deliveryId, mine.orderId, { status: over, orderVersion: 9 });
          const { status, body } = await act(mine, mine.deliveryId, action);
          expect(status).toBe(409);
          expect(body).toMatchObject({
            code: "ILLEGAL_MOVE",
            currentStatus: over,
            allowedActions: [],
          } as object);
          expect(service.asked).toEqual([]);
        });

      test("answers the same 404 for another courier's delivery and an unknown one", async () => {
        const mine = await service.anAssignment();
        const other = await service.aCourier({ available: false });
        const words = async (by: { token: string }, deliveryId: string) => {
          const { status, body } = await act(by, deliveryId, action);
          return { ...body, answered: status, requestId: "" };
        };
        const foreign = await words(other, mine.deliveryId);
        expect(foreign).toMatchObject({ answered: 404, code: "DELIVERY_NOT_FOUND" } as object);
        expect(await words(mine, newId("dlv"))).toEqual(foreign);
        const tombstone = newId("dlv");
        await service.follow(tombstone, newId("ord"), { status: "released", orderVersion: 2 });
        expect(await words(mine, tombstone)).toEqual(foreign);
        expect(service.asked).toEqual([]);
      });

      for (const [why, answer] of [
        ["fails", () => new Response("oops", { status: 500 })],
        ["refuses the service token", () => aProblem(401, {})],
        ["has not stored the assignment yet", () => aProblem(503, {}, { "retry-after": "1" })],
        ["answers with an unexpected body", () => Response.json({ orderId: "?" })],
      ] as const)
        test(`answers 503 with Retry-After when the order service ${why}`, async () => {
          const mine = await service.anAssignment();
          const before = await stored(mine.deliveryId);
          service.answers.move = answer;
          const { status, headers, body } = await act(mine, mine.deliveryId, action);
          expect([status, body.code]).toEqual([503, "DEPENDENCY_UNAVAILABLE"]);
          expect(headers.get("retry-after")).toBe("1");
          expect(await stored(mine.deliveryId)).toEqual(before);
        });

      test("when this process died after the order service agreed, a retry completes the action", async () => {
        const mine = await service.anAssignment();
        const declined = action === "decline" && { declined: true };
        const reason = action === "fail" && ACTIONS.fail.body;
        const ready = action !== "decline";
        const progress = { status: leadsTo, orderVersion: 10, ready, ...declined, ...reason };
        expect((await service.follow(mine.deliveryId, mine.orderId, progress)).status).toBe(204);
        const { status, body } = await act(mine, mine.deliveryId, action);
        expect([status, body.status]).toEqual([200, leadsTo]);
        expect(service.asked).toHaveLength(asksAgain ? 1 : 0);
      });

      test("when the progress of the order arrives afterwards, changes nothing", async () => {
        const mine = await service.anAssignment();
        await act(mine, mine.deliveryId, action);
        const before = await stored(mine.deliveryId);
        await service.follow(mine.deliveryId, mine.orderId, {
          status: leadsTo,
          orderVersion: 10,
          ready: true,
        });
        expect(await stored(mine.deliveryId)).toEqual(before);
      });
    });

  for (const [action, other] of [
    ["fail", { reason: "damaged" }],
    ["deliver", { pin: "9999" }],
  ] as const)
    test(`when ${action} is repeated with other content, passes on the refusal of the order service`, async () => {
      const mine = await service.anAssignment();
      await act(mine, mine.deliveryId, action);
      const before = await stored(mine.deliveryId);
      service.answers.move = () => aProblem(409, { code: "MOVE_ALREADY_MADE" });
      const { status, body } = await service.act(mine, mine.deliveryId, action, other);
      expect([status, body.code]).toEqual([409, "MOVE_ALREADY_MADE"]);
      expect(await stored(mine.deliveryId)).toEqual(before);
    });

  test("frees the courier at once after a decline", async () => {
    const mine = await service.anAssignment();
    await act(mine, mine.deliveryId, "decline");
    const courier = await service.couriers().findOne({ _id: mine.courierId });
    expect(courier).toMatchObject({ claim: null, available: true });
    expect(courier?.idleSince.getTime()).toBeGreaterThan(Date.now() - 5_000);
  });

  test("answers 409 to a decline after the order released the delivery", async () => {
    const mine = await service.anAssignment();
    await service.follow(mine.deliveryId, mine.orderId, {
      status: "released",
      orderVersion: 4,
      reason: "Closed",
    });
    const { status, body } = await act(mine, mine.deliveryId, "decline");
    expect([status, body.currentStatus]).toEqual([409, "released"]);
  });

  test("stores the times of the pickup and the end", async () => {
    const mine = await service.anAssignment();
    service.answers.move = ({ orderId, action }) =>
      Response.json(anOrderView(orderId, { version: action === "pickup" ? 10 : 11 }));
    const picked = await act(mine, mine.deliveryId, "pickup");
    const done = await act(mine, mine.deliveryId, "fail");
    expect(done.body).toMatchObject({
      status: "failed",
      reason: "refused",
      pickedUpAt: picked.body.pickedUpAt as string,
    });
    expect(Date.parse(done.body.endedAt ?? "")).toBeGreaterThanOrEqual(
      Date.parse(done.body.pickedUpAt ?? ""),
    );
  });

  for (const action of ["decline", "pickup"])
    describe(`POST /v1/deliveries/:deliveryId/${action}`, () => {
      test("answers 422 for any field, without a call to the order service", async () => {
        const mine = await service.anAssignment();
        const { status, body } = await service.act(mine, mine.deliveryId, action, { pin: "0417" });
        expect([status, body.code, body.details?.[0]?.pointer]).toEqual([422, "VALIDATION_FAILED", "/pin"]);
        expect(service.asked).toEqual([]);
      });

      test("answers 200 with an empty body and without a body", async () => {
        const mine = await service.anAssignment();
        expect((await service.act(mine, mine.deliveryId, action, {})).status).toBe(200);
      });
    });

  describe("POST /v1/deliveries/:deliveryId/deliver", () => {
    test("passes on the 422 of the order service for a wrong PIN", async () => {
      const mine = await service.anAssignment();
      service.answers.move = () => aProblem(422, { code: "WRONG_PIN" });
      const { status, body } = await act(mine, mine.deliveryId, "deliver");
      expect([status, body.code]).toEqual([422, "WRONG_PIN"]);
      expect((await stored(mine.deliveryId))?.status).toBe("assigned");
    });

    test("answers 429 with Retry-After after too many wrong PINs", async () => {
      const mine = await service.anAssignment();
      service.answers.move = () => aProblem(429, { code: "TOO_MANY_REQUESTS" }, { "retry-after": "77" });
      const { status, headers } = await act(mine, mine.deliveryId, "deliver");
      expect([status, headers.get("retry-after")]).toEqual([429, "77"]);
    });

    for (const body of [{}, { pin: "417" }, { pin: 417 }, { pin: "0417", at: "door" }])
      test(`answers 422 for ${JSON.stringify(body)}, without a call to the order service`, async () => {
        const mine = await service.anAssignment();
        expect((await service.act(mine, mine.deliveryId, "deliver", body)).status).toBe(422);
        expect(service.asked).toEqual([]);
      });
  });

  describe("POST /v1/deliveries/:deliveryId/fail", () => {
    for (const body of [{}, { reason: "bored" }, { reason: "refused", note: "?" }])
      test(`answers 422 for ${JSON.stringify(body)}, without a call to the order service`, async () => {
        const mine = await service.anAssignment();
        expect((await service.act(mine, mine.deliveryId, "fail", body)).status).toBe(422);
        expect(service.asked).toEqual([]);
      });
  });
});
