// Replicas of the restaurant service, each with so much of a core, and a menu to read from them.
import { withDatabase } from "@food/shared/testing/mongo-url";
import { call, newSigningKey } from "@food/shared/testing/tools";
import { freePort } from "../../tools/free-port.ts";
import { type CpuQuota, newCpuQuota } from "./cpu-quota.ts";
import { binaryOf, type Urls } from "./service-process.ts";

const DISHES = 30;
/** Longer than the balancer takes to see that it is no longer ready. */
const SHUTDOWN_DELAY_MS = 3_000;

export interface Replica {
  port: number;
  pid: () => number;
  start: () => void;
  /** Sends the signal and waits for the end. */
  end: (signal: NodeJS.Signals) => Promise<void>;
  remove: () => Promise<void>;
}

export async function newReplicas(count: number, cores: number, databases: Urls): Promise<Replica[]> {
  const environment = {
    NODE_ENV: "production",
    HOST: "127.0.0.1",
    MONGODB_URL: withDatabase(databases.mongo.url, `bench_scale_${process.pid}`),
    REDIS_URL: databases.redis.url,
    SIGNING_KEY: await newSigningKey(),
    ORDER_URL: "http://127.0.0.1:1",
    SHUTDOWN_DELAY_MS: String(SHUTDOWN_DELAY_MS),
  };
  return Array.from({ length: count }, (_, index) => {
    const port = freePort();
    const quota: CpuQuota = newCpuQuota(`food-delivery-${process.pid}-${index}`, cores);
    let child: Bun.Subprocess | undefined;
    const end = async (signal: NodeJS.Signals) => {
      child?.kill(signal);
      await child?.exited;
      child = undefined;
    };
    return {
      port,
      pid: () => child?.pid ?? 0,
      start() {
        child = Bun.spawn([binaryOf("restaurant")], {
          env: { ...environment, PORT: String(port) },
          stdout: "ignore",
          stderr: "inherit",
        });
        quota.hold(child.pid);
      },
      end,
      async remove() {
        await end("SIGKILL");
        quota.remove();
      },
    };
  });
}

const RESTAURANT = {
  email: "pier@example.com",
  password: "correct horse battery",
  name: "Pier",
  cuisines: ["fish"],
  phone: "+31 20 123 4567",
  address: {
    line1: "Kade 1",
    city: "Amsterdam",
    postalCode: "1011 AA",
    country: "NL",
    location: { lat: 52.37, lng: 4.9 },
  },
  currency: "EUR",
  deliveryRadiusMeters: 5_000,
  deliveryFeeCents: 250,
  prepMinutes: 20,
};

/** Makes a restaurant with dishes and answers with the path of its menu. */
export async function makeMenu(url: string): Promise<string> {
  const { restaurantId } = (await call(url, "POST /v1/restaurants", { body: RESTAURANT })).body;
  const { email, password } = RESTAURANT;
  const signedIn = await call(url, "POST /v1/sessions", { body: { email, password } });
  for (let n = 1; n <= DISHES; n++) {
    const body = {
      name: `Dish ${n}`,
      description: "Fresh from the sea.",
      category: "Mains",
      priceCents: 900 + n,
      available: true,
    };
    const { status } = await call(url, "POST /v1/restaurants/me/dishes", {
      token: String(signedIn.body.accessToken),
      body,
    });
    if (status !== 201) throw new Error(`The dish was answered with ${status}`);
  }
  return `/v1/restaurants/${restaurantId}/menu`;
}
