// Many replicas start at once, each makes its indexes, and none may fail for it or take a request before they are there.
import { expect, test } from "bun:test";
import { readConfig } from "@food/shared/config";
import { newId } from "@food/shared/id";
import { connectSubscriber } from "@food/shared/redis";
import type { ServiceBase } from "@food/shared/service-base";
import {
  cleanUp,
  describeWithDatabases,
  freshMongoUrl,
  REDIS_URL,
  testBase,
} from "@food/shared/testing/service";
import { customerApp } from "./customer/src/app.ts";
import * as customer from "./customer/src/config.ts";
import { deliveryApp } from "./delivery/src/app.ts";
import * as delivery from "./delivery/src/config.ts";
import { orderApp } from "./order/src/app.ts";
import * as order from "./order/src/config.ts";
import { restaurantApp } from "./restaurant/src/app.ts";
import * as restaurant from "./restaurant/src/config.ts";

const REPLICAS = 8;
const DOCUMENTS = 200;
const HOUR_MS = 3_600_000;
const NOBODY = "http://127.0.0.1:1";
const ENVIRONMENT = {
  ...{ PORT: "0", MONGODB_URL: "mongodb://x", REDIS_URL: "redis://x", SIGNING_KEY: "{}" },
  ...{ CUSTOMER_URL: NOBODY, RESTAURANT_URL: NOBODY, ORDER_URL: NOBODY, DELIVERY_URL: NOBODY },
};

interface Built {
  ensureIndexes: () => Promise<unknown>;
  stop?: () => Promise<unknown>;
}
type Build = (base: ServiceBase) => Built;

function subscriberOf({ log }: ServiceBase) {
  const subscriber = connectSubscriber(REDIS_URL, log);
  cleanUp(() => subscriber.disconnect());
  return { subscriber };
}

const services: [[string, Build], ...[string, Build][]] = [
  ["customer", (base) => customerApp({ ...base, ...readConfig(customer.Config, ENVIRONMENT) })],
  [
    "restaurant",
    (base) =>
      restaurantApp({ ...base, ...readConfig(restaurant.Config, ENVIRONMENT), ...subscriberOf(base) }),
  ],
  ["order", (base) => orderApp({ ...base, ...readConfig(order.Config, ENVIRONMENT), ...subscriberOf(base) })],
  [
    "delivery",
    (base) => deliveryApp({ ...base, ...readConfig(delivery.Config, ENVIRONMENT), ...subscriberOf(base) }),
  ],
];

/** That many replicas of a service over one database, and the database. */
async function replicasOf(name: string, build: Build, count: number) {
  const mongoUrl = freshMongoUrl();
  const bases = await Promise.all(Array.from({ length: count }, () => testBase(name, { mongoUrl })));
  const replicas = bases.map(build);
  cleanUp(() => Promise.all(replicas.map(({ stop }) => stop?.())));
  return { replicas, db: (bases[0] as ServiceBase).mongo.db };
}
type Db = ServiceBase["mongo"]["db"];

async function indexesOf(db: Db) {
  const names = (await db.listCollections().toArray()).map(({ name }) => name).sort();
  return Promise.all(
    names.map(async (name) => {
      const indexes = await db.collection(name).indexes();
      return { name, indexes: indexes.sort((a, b) => String(a.name).localeCompare(String(b.name))) };
    }),
  );
}

/** A document that has all that is indexed, and shares none of it with another. */
function anyDocument(keys: Record<string, unknown>[]) {
  const document: Record<string, unknown> = { _id: newId("any"), live: true };
  for (const [field, kind] of keys.flatMap((key) => Object.entries(key))) {
    if (field === "_id") continue;
    if (kind === "2dsphere") document[field] = { type: "Point", coordinates: [4.9, 52.37] };
    else document[field] = field.endsWith("At") ? new Date(Date.now() + HOUR_MS) : newId("any");
  }
  return document as { _id: never };
}

describeWithDatabases("eight replicas that start at once", () => {
  test.each(services)("make the same indexes as one alone: %s", async (name, build) => {
    const one = await replicasOf(name, build, 1);
    await one.replicas[0]?.ensureIndexes();
    const wanted = await indexesOf(one.db);
    expect(wanted.flatMap(({ indexes }) => indexes).some(({ unique }) => unique)).toBe(true);

    const { replicas, db } = await replicasOf(name, build, REPLICAS);
    await Promise.all(replicas.map(({ ensureIndexes }) => ensureIndexes()));
    expect(await indexesOf(db)).toEqual(wanted);
    await Promise.all(replicas.map(({ ensureIndexes }) => ensureIndexes()));
    expect(await indexesOf(db)).toEqual(wanted);
  });

  test.each(services)(
    "do so over the data of an older version, and lose none of it: %s",
    async (name, build) => {
      const one = await replicasOf(name, build, 1);
      await one.replicas[0]?.ensureIndexes();
      const wanted = await indexesOf(one.db);

      const { replicas, db } = await replicasOf(name, build, REPLICAS);
      for (const collection of wanted) {
        const keys = collection.indexes.map(({ key }) => key as Record<string, unknown>);
        await db
          .collection(collection.name)
          .insertMany(Array.from({ length: DOCUMENTS }, () => anyDocument(keys)));
      }
      await Promise.all(replicas.map(({ ensureIndexes }) => ensureIndexes()));
      expect(await indexesOf(db)).toEqual(wanted);
      for (const collection of wanted)
        expect(await db.collection(collection.name).countDocuments()).toBe(DOCUMENTS);
    },
  );

  test("none of them is content with data that a unique index refuses", async () => {
    const [[name, build]] = services;
    const { replicas, db } = await replicasOf(name, build, REPLICAS);
    const twin = () => ({ _id: newId("cus") as never, email: "kim@example.com" });
    await db.collection("customers").insertMany([twin(), twin()]);
    const outcomes = await Promise.allSettled(replicas.map(({ ensureIndexes }) => ensureIndexes()));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(REPLICAS).fill("rejected"));
  });
});
