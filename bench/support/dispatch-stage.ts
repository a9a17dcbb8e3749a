// A platform of compiled binaries with couriers and waiting orders, for the dispatch benchmark. Orders and couriers are
// inserted into the databases. The processes do everything after that.

import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSigningKeys, SERVICE_ROLE, type SignToken, tokenSigner } from "@food/shared/auth/tokens";
import type { TripAssignment, TripOutcomes } from "@food/shared/contracts/trip";
import { databaseOf } from "@food/shared/testing/mongo-url";
import { type Location, toPoint } from "@food/shared/values/geo";
import { newId } from "@food/shared/values/id";
import { type Collection, MongoClient } from "mongodb";
import type { Platform, ServiceName } from "../../e2e/platform.ts";
import type { CourierDocument } from "../../services/delivery/src/couriers/store.ts";
import type { TripDocument } from "../../services/delivery/src/trips/trip.ts";
import { regionOf } from "../../services/order/src/dispatch/region.ts";
import { anOrder, aQuote } from "../../services/order/src/orders/order.builder.ts";
import type { OrderDocument } from "../../services/order/src/orders/order.ts";
import { startDatabases } from "../../tools/databases/databases.ts";
import { cpuMs } from "./process-figures.ts";

export interface Stage {
  platform: Platform;
  orders: Collection<OrderDocument>;
  couriers: Collection<CourierDocument>;
  trips: Collection<TripDocument>;
  /** Adds couriers who are off duty. Returns their ids. */
  addCouriers: (at: Location[]) => Promise<string[]>;
  addOrders: (at: Location[]) => Promise<OrderDocument[]>;
  setAvailable: (courierId: string, available: boolean) => Promise<void>;
  /** Cancels as the restaurant: ends the order and frees its courier. */
  cancel: (order: Pick<OrderDocument, "_id" | "restaurantId">) => Promise<void>;
  /** Sends an assignment for one order, as a round does. */
  assign: (
    order: OrderDocument,
    courierId: string,
  ) => Promise<{ outcome: string; courierId?: string; tookMs: number }>;
  /** The number of requests that rounds have sent so far. */
  requests: () => Promise<number>;
  /** The number of commands about locks that the delivery service has sent to Redis so far. */
  lockCommands: () => Promise<number>;
  /** CPU time of the processes so far, in ms, by service. */
  cpu: () => Record<string, number>;
  stop: () => Promise<void>;
}

/** The requests to the routes that rounds call. */
const OF_ROUNDS =
  /^http_request_duration_seconds_count\{.*route="\/internal\/(?:couriers\/search|trips)".*\} (\d+)/gm;
/** The library of the locks alone sends scripts by their hash. */
const OF_LOCKS = /^redis_command_duration_seconds_count\{.*command="evalsha".*\} (\d+)/gm;
const CENTER: Location = { lat: 52.52, lng: 13.405 };
const METERS_PER_DEGREE = 111_319;

/** A random place in a square around a point `northMeters` north of the city's centre. */
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

  /** Sums what the metrics of the delivery service count. */
  async function counted(series: RegExp): Promise<number> {
    const texts = await Promise.all(
      platform.replicas.delivery.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
    );
    const counts = texts.flatMap((text) => [...text.matchAll(series)].map(([, count]) => Number(count)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  return {
    platform,
    orders,
    couriers,
    trips: db("delivery").collection<TripDocument>("trips"),
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
          ...{ region: regionOf(location), status: "ready", readyAt: new Date() },
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
    async cancel({ _id, restaurantId }) {
      const body = { actorId: restaurantId, reason: "Fire" };
      await send(`${urls.order}/internal/orders/${_id}/cancel`, "POST", restaurantToken, body);
    },
    async assign(order, courierId) {
      const begunAt = performance.now();
      const { label: _, ...address } = order.deliveryAddress;
      const { _id: orderId, deliveryId, restaurantId, version: orderVersion } = order;
      const why = {
        ...{ distanceMeters: 0, pickupAt: new Date().toISOString(), courierWaitSeconds: 0 },
        ...{ foodWaitSeconds: 0, bundleSize: 1, alternatives: 0 },
      };
      const assignment: TripAssignment = {
        ...{ tripId: newId("trp"), joins: false, courierId, restaurantId, sequence: [orderId] },
        pickup: { name: order.restaurantName, address: order.restaurantAddress },
        deliveries: [
          { ...{ deliveryId, orderId, orderVersion, dropoff: { address }, ready: true, position: 0, why } },
        ],
      };
      const body = { assignments: [assignment] };
      const answer = await send(`${urls.delivery}/internal/trips`, "POST", orderToken, body);
      const [outcome] = ((await answer.json()) as TripOutcomes).outcomes;
      return {
        outcome: outcome?.outcome ?? "none",
        tookMs: performance.now() - begunAt,
        ...(outcome?.outcome === "assigned" && { courierId: outcome.courier.courierId }),
      };
    },
    requests: () => counted(OF_ROUNDS),
    lockCommands: () => counted(OF_LOCKS),
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
