// A platform of compiled binaries with couriers and waiting orders, for the dispatch benchmark. Orders and couriers are
// put into the databases as if they had been placed and had signed up; everything after that is done by the processes.

import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSigningKeys, SERVICE_ROLE, type SignToken, tokenSigner } from "@food/shared/auth/tokens";
import { databaseOf } from "@food/shared/testing/mongo-url";
import { type Location, toPoint } from "@food/shared/values/geo";
import { newId } from "@food/shared/values/id";
import { type Collection, MongoClient } from "mongodb";
import type { Platform, ServiceName } from "../../e2e/platform.ts";
import type { CourierDocument } from "../../services/delivery/src/couriers/store.ts";
import type { DeliveryDocument } from "../../services/delivery/src/deliveries/store.ts";
import { anOrder, aQuote } from "../../services/order/src/orders/order.builder.ts";
import type { OrderDocument } from "../../services/order/src/orders/order.ts";
import { startDatabases } from "../../tools/databases/databases.ts";
import { cpuMs } from "./process-figures.ts";

export interface Stage {
  platform: Platform;
  orders: Collection<OrderDocument>;
  couriers: Collection<CourierDocument>;
  deliveries: Collection<DeliveryDocument>;
  /** Off duty until told otherwise. */
  addCouriers: (at: Location[]) => Promise<string[]>;
  addOrders: (at: Location[]) => Promise<OrderDocument[]>;
  setAvailable: (courierId: string, available: boolean) => Promise<void>;
  /** The restaurant's refusal: ends the order and gives its courier back. */
  reject: (order: Pick<OrderDocument, "_id" | "restaurantId">) => Promise<void>;
  /** What a dispatcher asks the delivery service. */
  assign: (order: OrderDocument) => Promise<{ outcome: string; courierId?: string; tookMs: number }>;
  /** How many such questions the dispatchers have asked so far. */
  questions: () => Promise<number>;
  /** CPU time that the processes have taken so far, in ms. */
  cpu: () => Record<string, number>;
  stop: () => Promise<void>;
}

const CENTER: Location = { lat: 52.52, lng: 13.405 };
const METERS_PER_DEGREE = 111_319;

/** Somewhere within a square around the city's centre, or around a place so many metres north of it. */
export const somewhere = (withinMeters: number, northMeters = 0): Location => {
  const off = () => (Math.random() * 2 - 1) * (withinMeters / METERS_PER_DEGREE);
  return { lat: CENTER.lat + northMeters / METERS_PER_DEGREE + off(), lng: CENTER.lng + off() };
};

export const places = (count: number, withinMeters: number, northMeters = 0) =>
  Array.from({ length: count }, () => somewhere(withinMeters, northMeters));

const dataDir = join(tmpdir(), newId("bench"));
const started: { name: string; pid: number }[] = [];
export const databases = await startDatabases({
  onStart: (child) => started.push(child),
  dataDir,
  mongoUrl: Bun.env.MONGODB_URL,
  redisUrl: Bun.env.REDIS_URL,
});
Object.assign(Bun.env, { TEST_MONGODB_URL: databases.mongo.url, TEST_REDIS_URL: databases.redis.url });

async function expectOk(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return response;
}

export async function openStage(options: {
  order: number;
  delivery: number;
  redisUrl?: string;
}): Promise<Stage> {
  const { redisUrl = databases.redis.url, ...replicas } = options;
  // Reads the variables set above.
  const { openPlatform } = await import("../../e2e/platform.ts");
  const binaries = Bun.env.BINARIES ?? join(import.meta.dir, "../../dist");
  const platform = await openPlatform({ replicas, redisUrl, binaries, environment: { LOG_LEVEL: "warn" } });
  const { urls, mongoUrls } = platform;
  const client = await new MongoClient(databases.mongo.url).connect();
  const db = (service: ServiceName) => client.db(databaseOf(mongoUrls[service]));
  const orders = db("order").collection<OrderDocument>("orders");
  const couriers = db("delivery").collection<CourierDocument>("couriers");

  const signers = new Map<ServiceName, SignToken>();
  for (const service of ["restaurant", "order", "delivery"] as const)
    signers.set(service, tokenSigner(service, await readSigningKeys(platform.signingKeys[service])));
  const sign = (by: ServiceName, subject: string, role: string, audience: string) =>
    signers.get(by)?.({ subject, role, audience: [audience], ttlSeconds: 3_600 }) ?? Promise.resolve("");
  const restaurantToken = await sign("restaurant", "restaurant", SERVICE_ROLE, "order");
  const orderToken = await sign("order", "order", SERVICE_ROLE, "delivery");
  const send = async (url: string, method: string, token: string, body: unknown) =>
    expectOk(
      await fetch(url, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    );

  return {
    platform,
    orders,
    couriers,
    deliveries: db("delivery").collection<DeliveryDocument>("deliveries"),
    async addCouriers(at) {
      const now = new Date();
      const added = at.map((location): CourierDocument => {
        const _id = newId("crr");
        const profile = { name: "Kim", phone: "+49 30 1234567", vehicle: "bicycle" as const };
        return {
          ...{ _id, email: `${_id}@example.com`, passwordHash: "none", ...profile },
          ...{ available: false, claim: null, idleSince: now, createdAt: now },
          ...{ location: toPoint(location), locationAt: now },
        };
      });
      await couriers.insertMany(added);
      return added.map(({ _id }) => _id);
    },
    async addOrders(at) {
      const { address, ...quote } = aQuote();
      const placedFrom = Date.now() - at.length;
      const added = at.map((location, i) => {
        const restaurantAddress = { ...address, location };
        return anOrder({
          ...{ restaurantId: newId("rst"), restaurantName: quote.restaurantName, restaurantAddress },
          pickupPoint: toPoint(location),
          ...{ idempotencyKey: newId("key"), placedAt: new Date(placedFrom + i) },
          acceptBy: new Date(Date.now() + 86_400_000),
        });
      });
      await orders.insertMany(added);
      return added;
    },
    async setAvailable(courierId, available) {
      const token = await sign("delivery", courierId, "courier", "delivery");
      await send(`${urls.delivery}/v1/couriers/me/availability`, "PUT", token, { available });
    },
    async reject({ _id, restaurantId }) {
      const body = { actorId: restaurantId, reason: "too_busy" };
      await send(`${urls.order}/internal/orders/${_id}/reject`, "POST", restaurantToken, body);
    },
    async assign(order) {
      const begunAt = performance.now();
      const { label: _, ...address } = order.deliveryAddress;
      const answer = await send(
        `${urls.delivery}/internal/deliveries/${order.deliveryId}`,
        "PUT",
        orderToken,
        {
          orderId: order._id,
          pickup: { name: order.restaurantName, address: order.restaurantAddress },
          dropoff: { address },
          orderVersion: order.version,
        },
      );
      const { outcome, courier } = (await answer.json()) as {
        outcome: string;
        courier?: { courierId: string };
      };
      return {
        outcome,
        tookMs: performance.now() - begunAt,
        ...(courier && { courierId: courier.courierId }),
      };
    },
    async questions() {
      const texts = await Promise.all(
        platform.replicas.delivery.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
      );
      const counts = texts.flatMap((text) =>
        [...text.matchAll(/^http_request_duration_seconds_count\{([^}]*)\} (\d+)/gm)]
          .filter(([, labels = ""]) => labels.includes('route="/internal/deliveries/:deliveryId"'))
          .map(([, , count]) => Number(count)),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    cpu() {
      const services = (["order", "delivery"] as const).map((name) => {
        const spent = platform.replicas[name].map(({ pid }) => cpuMs(pid()));
        return [`${name} service`, spent.reduce((sum, ms) => sum + ms, 0)] as const;
      });
      return Object.fromEntries([
        ...services,
        ...started.map(({ name, pid }) => [name, cpuMs(pid)] as const),
        ["this benchmark", cpuMs(process.pid)] as const,
      ]);
    },
    async stop() {
      await platform.stop();
      await client.close();
    },
  };
}
