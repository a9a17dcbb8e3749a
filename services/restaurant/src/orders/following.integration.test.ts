// The order stream of a restaurant, with a fake order service.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { restaurantChannel } from "@food/shared/contracts/live";
import type { ChangedOrdersRequest } from "@food/shared/contracts/order";
import type { Redis } from "@food/shared/storage/redis";
import { type EventReader, headsOf, openEventStream, openStreamsOf } from "@food/shared/testing/event-stream";
import { type Gate, gateToRedis, whyNotCutOff } from "@food/shared/testing/gate";
import {
  connectTestRedis,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  publishTo,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  type Member,
  type ReceivedCall,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

interface BookedOrder {
  orderId: string;
  restaurantId: string;
  version: number;
  status: string;
}

const named = ({ events }: EventReader, name: string) => events.filter(({ event }) => event === name);
const snapshotOf = (stream: EventReader) =>
  (named(stream, "snapshot")[0]?.data.items ?? []) as unknown as BookedOrder[];
const toldOf = (stream: EventReader) =>
  named(stream, "order").map(({ data }) => `${data.version} ${data.status}`);

describeWithDatabases("GET /v1/orders/events", () => {
  const book = new Map<string, BookedOrder>();
  let gate: Gate;
  let redis: Redis;
  let service: RestaurantService;
  let replica: RestaurantService;
  let kitchen: Member;

  const isOpen = ({ status }: BookedOrder) => status !== "cancelled" && status !== "delivered";
  function answer({ route, body }: ReceivedCall): Response {
    if (route !== "POST /internal/orders/changed") return new Response(null, { status: 500 });
    const { actorId, known } = body as ChangedOrdersRequest;
    const versions = new Map(known.map(({ orderId, version }) => [orderId, version]));
    const own = [...book.values()].filter(({ restaurantId }) => restaurantId === actorId);
    const newer = own.filter(({ orderId, version }) => version > (versions.get(orderId) ?? 0));
    return Response.json({
      open: newer.filter(isOpen),
      ended: newer.filter((order) => !isOpen(order) && versions.has(order.orderId)),
    });
  }

  beforeAll(async () => {
    gate = gateToRedis();
    service = await startRestaurantService({ redisUrl: gate.url, mongoUrl: freshMongoUrl() });
    replica = await startRestaurantService({ mongoUrl: freshMongoUrl(), peer: service });
    redis = await connectTestRedis();
  });
  afterAll(() => {
    redis.disconnect();
    gate.stop();
  });
  beforeEach(async () => {
    service.received.length = 0;
    service.answers.order = answer;
    replica.answers.order = answer;
    kitchen = await service.join();
  });

  /** Places or changes an order without publishing a message. */
  function move(status: string, orderId = newId("ord"), { restaurantId } = kitchen): BookedOrder {
    const version = (book.get(orderId)?.version ?? 0) + 1;
    const order = { orderId, restaurantId, version, status };
    book.set(orderId, order);
    return order;
  }
  /** Also publishes the message, as the order service does. */
  async function moveAloud(...change: Parameters<typeof move>): Promise<BookedOrder> {
    const order = move(...change);
    const { orderId: id, restaurantId, version } = order;
    await publishTo(redis, restaurantChannel(restaurantId), JSON.stringify({ id, version }));
    return order;
  }
  const open = (token: string | undefined, { url } = service, headers = {}) =>
    openEventStream(`${url}/v1/orders/events`, {
      ...headers,
      ...(token && { authorization: `Bearer ${token}` }),
    });
  async function follow(token = kitchen.token, at = service, headers = {}) {
    const stream = await open(token, at, headers);
    await eventually(async () => named(stream, "snapshot").length === 1);
    await eventually(async () => named(stream, "live").length === named(stream, "degraded").length);
    return stream;
  }

  test("answers 200: the open orders, then each one that is new, changes or ends", async () => {
    const { orderId } = move("pending");
    move("delivered");
    const stream = await follow();
    expect([stream.status, stream.headers.get("content-type")]).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
    expect(snapshotOf(stream)).toEqual([
      { orderId, restaurantId: kitchen.restaurantId, version: 1, status: "pending" },
    ]);
    await moveAloud("accepted", orderId);
    await eventually(async () => toldOf(stream).length === 1);
    await moveAloud("pending");
    await eventually(async () => toldOf(stream).length === 2);
    await moveAloud("cancelled", orderId);
    await eventually(async () => toldOf(stream).length === 3);
    expect(toldOf(stream)).toEqual(["2 accepted", "1 pending", "3 cancelled"]);
    expect(named(stream, "order")[0]?.id).toBe(`${orderId}:2`);
    stream.close();
  });

  test("answers 401 without a token and 403 to another role", async () => {
    expect((await open(undefined)).status).toBe(401);
    expect((await open(await service.order.serviceToken("restaurant"))).status).toBe(403);
    expect(service.received).toEqual([]);
  });

  test("answers HEAD with the head of a stream, and opens none", async () => {
    const url = `${service.url}/v1/orders/events`;
    const openBefore = await openStreamsOf(service.base);
    expect(await headsOf(url, { authorization: `Bearer ${kitchen.token}` })).toEqual({ 200: 40 });
    expect(await headsOf(url, {})).toEqual({ 401: 40 });
    expect(await openStreamsOf(service.base)).toBeLessThanOrEqual(openBefore);
  });

  test("answers 429 when the restaurant has its maximum of streams", async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => open(kitchen.token)));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await open(kitchen.token)).status).toBe(429);
    for (const { close } of all) close();
  });

  test("while the order service is away, answers 503, and open streams are degraded", async () => {
    const stream = await follow();
    const before = named(stream, "degraded").length;
    service.answers.order = () => new Response(null, { status: 500 });
    await moveAloud("pending");
    await eventually(async () => named(stream, "degraded").length === before + 1);
    expect((await open(kitchen.token)).status).toBe(503);
    service.answers.order = answer;
    await eventually(async () => named(stream, "live").length === before + 1);
    expect(toldOf(stream)).toEqual(["1 pending"]);
    stream.close();
  });

  test("reads as the restaurant, and sends no order of another restaurant", async () => {
    const other = await service.join();
    const stream = await follow();
    const theirs = await follow(other.token);
    const secret = await moveAloud("pending", newId("ord"), other);
    const change = { id: secret.orderId, version: 1 };
    await publishTo(redis, restaurantChannel(kitchen.restaurantId), JSON.stringify(change));
    await moveAloud("pending");
    await eventually(async () => toldOf(stream).length === 1 && toldOf(theirs).length === 1);
    expect(named(stream, "order").map(({ data }) => data.restaurantId)).toEqual([kitchen.restaurantId]);
    expect(named(theirs, "order").map(({ data }) => data.restaurantId)).toEqual([other.restaurantId]);
    const actors = service.received.map(({ body }) => (body as ChangedOrdersRequest).actorId);
    expect(new Set(actors)).toEqual(new Set([kitchen.restaurantId, other.restaurantId]));
    expect(service.received.some(({ authorization }) => authorization.includes(kitchen.token))).toBe(false);
    for (const { close } of [stream, theirs]) close();
  });

  test("loses and repeats no change while a stream opens", async () => {
    const join = async () => {
      const member = { ...kitchen, restaurantId: newId("rst") };
      const { orderId } = move("pending", newId("ord"), member);
      const moves = async () => {
        for (const status of ["accepted", "preparing", "ready"]) await moveAloud(status, orderId, member);
      };
      const [stream] = await Promise.all([open(await service.tokenFor(member.restaurantId)), moves()]);
      const versions = () => [
        ...snapshotOf(stream).map(({ version }) => version),
        ...named(stream, "order").map(({ data }) => Number(data.version)),
      ];
      await eventually(async () => versions().at(-1) === 4);
      expect(versions()).toEqual([...new Set(versions())].sort());
      stream.close();
    };
    for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 10 }, join));
  });

  test("begins on any replica with the current orders, whatever Last-Event-ID is sent", async () => {
    const [staying, ending] = [move("pending"), move("pending")];
    const stream = await follow();
    stream.close();
    await moveAloud("accepted", staying.orderId);
    await moveAloud("cancelled", ending.orderId);
    for (const lastEventId of [`${staying.orderId}:1`, `${staying.orderId}:99`, "nonsense"]) {
      const again = await follow(kitchen.token, replica, { "last-event-id": lastEventId });
      expect(snapshotOf(again).map(({ version, status }) => [version, status])).toEqual([[2, "accepted"]]);
      again.close();
    }
  });

  const why = whyNotCutOff();
  test.skipIf(why !== "")(
    `keeps working without Redis, and is live again once it is back${why}`,
    async () => {
      const stream = await follow();
      const before = named(stream, "degraded").length;
      gate.cut();
      await eventually(async () => named(stream, "degraded").length === before + 1);
      const { orderId } = move("pending");
      await eventually(async () => toldOf(stream).length === 1);
      gate.open();
      await eventually(async () => named(stream, "live").length === before + 1);
      await moveAloud("accepted", orderId);
      await eventually(async () => toldOf(stream).length === 2);
      expect(toldOf(stream)).toEqual(["1 pending", "2 accepted"]);
      stream.close();
    },
  );

  test("when its token expires, ends with that reason", async () => {
    const claims = {
      subject: kitchen.restaurantId,
      role: "restaurant",
      audience: ["restaurant"],
      ttlSeconds: 1,
    };
    const stream = await open(await service.base.signToken(claims));
    await stream.closed;
    expect(stream.events.at(-1)).toEqual({ event: "end", data: { reason: "token_expired" } });
  });
});
