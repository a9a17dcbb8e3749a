// The compiled order service on a MongoDB and a Redis. This process replaces its downstream services and has their keys. It
// inserts orders into the database.

import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSigningKeys, tokenSigner } from "@food/shared/auth/tokens";
import { withDatabase } from "@food/shared/testing/mongo-url";
import { newId } from "@food/shared/values/id";
import { MongoClient } from "mongodb";
import { anOrder } from "../../services/order/src/orders/order.builder.ts";
import type { OrderDocument } from "../../services/order/src/orders/order.ts";
import { startDatabases } from "../../tools/databases/databases.ts";
import { freePort } from "../../tools/free-port.ts";

export interface OrderReplica {
  url: string;
  pid: number;
  place: (orders: Partial<OrderDocument>[]) => Promise<OrderDocument[]>;
  versionsOf: (orderIds: string[]) => Promise<Map<string, number>>;
  customerToken: (customerId: string) => Promise<string>;
  /** Makes a move as the restaurant. */
  move: (order: OrderDocument, action: string) => Promise<Response>;
  stop: () => Promise<void>;
}

export async function signingKey(): Promise<string> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  return JSON.stringify(await crypto.subtle.exportKey("jwk", pair.privateKey));
}

/** A downstream service: its public keys, and what `answer` says to other requests. */
export async function downstream(
  issuer: string,
  answer: (path: string, request: Request) => unknown = () => undefined,
) {
  const keys = await readSigningKeys(await signingKey());
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) =>
      Response.json((await answer(new URL(request.url).pathname, request)) ?? keys.publicKeys),
  });
  return { url: server.url.origin, sign: tokenSigner(issuer, keys), stop: () => server.stop(true) };
}

const TOKEN_SECONDS = 3_600;

export async function startOrderReplica(redisUrl: string): Promise<OrderReplica> {
  const [customer, restaurant, delivery] = await Promise.all(
    ["customer", "restaurant", "delivery"].map((issuer) => downstream(issuer)),
  );
  if (!customer || !restaurant || !delivery) throw new Error("Three downstream services are needed");
  const dataDir = join(tmpdir(), newId("bench"));
  const databases = await startDatabases({ dataDir, mongoUrl: Bun.env.MONGODB_URL, redisUrl });
  const mongoUrl = withDatabase(databases.mongo.url, newId("bench"));
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = Bun.spawn([join(import.meta.dir, "../../dist/order")], {
    stdout: "ignore",
    stderr: "inherit",
    env: {
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: String(port),
      MONGODB_URL: mongoUrl,
      REDIS_URL: redisUrl,
      SIGNING_KEY: await signingKey(),
      CUSTOMER_URL: customer.url,
      RESTAURANT_URL: restaurant.url,
      DELIVERY_URL: delivery.url,
      MAX_STREAMS: "20000",
      MAX_STREAMS_PER_CALLER: "20000",
      LOG_LEVEL: "warn",
    },
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error("The order service ended: is dist/ built?");
    if (
      await fetch(`${url}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    await Bun.sleep(20);
  }
  const client = await MongoClient.connect(mongoUrl);
  const orders = client.db().collection<OrderDocument>("orders");
  const restaurantToken = await restaurant.sign({
    subject: "restaurant",
    role: "service",
    audience: ["order"],
    ttlSeconds: TOKEN_SECONDS,
  });

  return {
    url,
    pid: child.pid,
    async place(wanted) {
      const placed = wanted.map((overrides) => anOrder({ awaitingCourier: false, ...overrides }));
      await orders.insertMany(placed);
      return placed;
    },
    async versionsOf(orderIds) {
      const found = await orders.find({ _id: { $in: orderIds } }).toArray();
      return new Map(found.map(({ _id, version }) => [_id, version]));
    },
    customerToken: (customerId) =>
      customer.sign({
        subject: customerId,
        role: "customer",
        audience: ["order"],
        ttlSeconds: TOKEN_SECONDS,
      }),
    move: (order, action) =>
      fetch(`${url}/internal/orders/${order._id}/${action}`, {
        method: "POST",
        headers: { authorization: `Bearer ${restaurantToken}`, "content-type": "application/json" },
        body: JSON.stringify({
          actorId: order.restaurantId,
          ...(action === "accept" && { prepMinutes: 15 }),
        }),
      }),
    async stop() {
      await client.close();
      child.kill("SIGKILL");
      for (const { stop } of [customer, restaurant, delivery]) stop();
      await databases.stop();
    },
  };
}
