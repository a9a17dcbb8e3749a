// Many replicas start at once, each makes its indexes, and none may fail for it or take a request before they are there.
import { expect, test } from "bun:test";
import { readConfig } from "@food/shared/process/config";
import { openServiceBase, type ServiceBase } from "@food/shared/service/service-base";
import { connectSubscriber, type Redis } from "@food/shared/storage/redis";
import {
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  newSigningKey,
  PATIENT,
  testRedisUrl,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
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
type Build = (base: ServiceBase, subscriber: Redis) => Built;
type Service = { name: string; build: Build };
type Db = ServiceBase["mongo"]["db"];

const CUSTOMER: Service = {
  name: "customer",
  build: (base) => customerApp({ ...base, ...readConfig(customer.Config, ENVIRONMENT) }),
};
const services: Service[] = [
  CUSTOMER,
  {
    name: "restaurant",
    build: (base, subscriber) =>
      restaurantApp({ ...base, ...readConfig(restaurant.Config, ENVIRONMENT), subscriber }),
  },
  {
    name: "order",
    build: (base, subscriber) => orderApp({ ...base, ...readConfig(order.Config, ENVIRONMENT), subscriber }),
  },
  {
    name: "delivery",
    build: (base, subscriber) =>
      deliveryApp({ ...base, ...readConfig(delivery.Config, ENVIRONMENT), subscriber }),
  },
];

const answers = ({ ping }: ServiceBase["mongo"]) =>
  ping().then(
    () => true,
    () => false,
  );

/** Plays with that many replicas of a service over one database, and closes them together. */
async function withReplicas<T>(
  { name, build }: Service,
  count: number,
  play: (replicas: Built[], db: Db) => Promise<T>,
): Promise<T> {
  const config = {
    MONGODB_URL: freshMongoUrl(),
    REDIS_URL: testRedisUrl(),
    SIGNING_KEY: await newSigningKey(),
    LOG_LEVEL: "silent",
  };
  const bases = await Promise.all(
    Array.from({ length: count }, () => openServiceBase(name, config, PATIENT)),
  );
  const subscribers = bases.map(({ log }) => connectSubscriber(testRedisUrl(), log));
  const replicas = bases.map((base, i) => build(base, subscribers[i] as Redis));
  const { db } = (bases[0] as ServiceBase).mongo;
  try {
    await Promise.all(bases.map(({ mongo }) => eventually(() => answers(mongo))));
    return await play(replicas, db);
  } finally {
    await Promise.all(replicas.map(({ stop }) => stop?.()));
    await db.dropDatabase();
    for (const subscriber of subscribers) subscriber.disconnect();
    await Promise.all(bases.map(({ close }) => close()));
  }
}

async function indexesOf(db: Db) {
  const names = (await db.listCollections().toArray()).map(({ name }) => name).sort();
  return Promise.all(
    names.map(async (name) => {
      const indexes = await db.collection(name).indexes();
      return { name, indexes: indexes.sort((a, b) => String(a.name).localeCompare(String(b.name))) };
    }),
  );
}

/** What the indexed fields of a restaurant and of a dish are derived from. */
const PROFILE = {
  ...{ name: "Da Enzo", cuisines: ["Italian"], category: "Pizza" },
  address: { location: { lat: 52.37, lng: 4.9 } },
};
/** Grows by what is derived. */
const WORDS = "words";

/** A document that has all that is indexed, and shares none of it with another. */
function anyDocument(keys: Record<string, unknown>[]) {
  const document: Record<string, unknown> = { _id: newId("any"), live: true, ...PROFILE };
  for (const [field, kind] of keys.flatMap((key) => Object.entries(key))) {
    if (field === "_id") continue;
    const [name = "", inner] = field.split(".");
    const value = field.endsWith("At") ? new Date(Date.now() + HOUR_MS) : newId("any");
    if (kind === "2dsphere") document[name] = { type: "Point", coordinates: [4.9, 52.37] };
    else document[name] = inner ? { ...(document[name] as object | undefined), [inner]: value } : value;
  }
  return document as { _id: never };
}

const ensureAll = (replicas: Built[]) => Promise.all(replicas.map(({ ensureIndexes }) => ensureIndexes()));

/** What one replica alone makes. */
const indexesOfOne = (service: Service) =>
  withReplicas(service, 1, async (replicas, db) => {
    await ensureAll(replicas);
    return indexesOf(db);
  });

describeWithDatabases("eight replicas that start at once", () => {
  test.each(services)("make the same indexes as one alone: $name", async (service) => {
    const wanted = await indexesOfOne(service);
    expect(wanted.flatMap(({ indexes }) => indexes).some(({ unique }) => unique)).toBe(true);
    await withReplicas(service, REPLICAS, async (replicas, db) => {
      await ensureAll(replicas);
      expect(await indexesOf(db)).toEqual(wanted);
      await ensureAll(replicas);
      expect(await indexesOf(db)).toEqual(wanted);
    });
  });

  test.each(services)(
    "do so over the data of an older version, and lose none of it: $name",
    async (service) => {
      const wanted = await indexesOfOne(service);
      await withReplicas(service, REPLICAS, async (replicas, db) => {
        for (const { name, indexes } of wanted) {
          const keys = indexes.map(({ key }) => key as Record<string, unknown>);
          await db.collection(name).insertMany(Array.from({ length: DOCUMENTS }, () => anyDocument(keys)));
        }
        await ensureAll(replicas);
        expect(await indexesOf(db)).toEqual(wanted);
        for (const { name } of wanted) {
          const count = await db.collection(name).countDocuments();
          expect(name === WORDS ? Math.min(count, DOCUMENTS) : count).toBe(DOCUMENTS);
        }
      });
    },
  );

  test("none of them is content with data that a unique index refuses", () =>
    withReplicas(CUSTOMER, REPLICAS, async (replicas, db) => {
      const twin = () => ({ _id: newId("cus") as never, email: "kim@example.com" });
      await db.collection("customers").insertMany([twin(), twin()]);
      const outcomes = await Promise.allSettled(replicas.map(({ ensureIndexes }) => ensureIndexes()));
      expect(outcomes.map(({ status }) => status)).toEqual(Array(REPLICAS).fill("rejected"));
    }));
});
