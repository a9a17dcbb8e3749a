// Restarts replicas one after the other behind HAProxy, while clients with and without keep-alive send requests.
import { availableParallelism } from "node:os";
import { call, eventually } from "@food/shared/testing/tools";
import {
  type Actor,
  courierOnDuty,
  expectStatus,
  newCustomer,
  openRestaurant,
  retryOn503,
} from "../actors.ts";
import { type KeepAliveClient, keepAliveClient } from "../keep-alive.ts";
import { openPlatform, type Platform, SERVICES, type ServiceName } from "../platform.ts";
import { newFront, startHaproxy } from "./haproxy.ts";

export interface Restarts {
  /** How often one replica of every service is restarted. */
  restarts: number;
  /** Of each service. */
  replicas: number;
  /** A stopping replica gets requests for up to twice as long. */
  checkEveryMs: number;
  /** SHUTDOWN_DELAY_MS and SHUTDOWN_DELAY_MAX_MS. */
  drain: { quietMs: number; mostMs: number };
  /** Processes that do nothing but keep a core busy. */
  busy: number;
  onRestart?: (done: number, lost: number) => void;
}

/** A busy cluster, which removes a replica some three seconds after SIGTERM. */
export const RESTARTS: Omit<Restarts, "restarts"> = {
  replicas: 4,
  checkEveryMs: 1_500,
  // Its most is that of the Kubernetes manifests.
  drain: { quietMs: 1_000, mostMs: 30_000 },
  busy: availableParallelism(),
};

export interface RestartFigures {
  answered: number;
  /** Requests that a service refused: it was too busy. */
  refused: number;
  /** Connections that broke before the answer, of clients and of services that call each other. */
  lost: string[];
  exitCodes: number[];
  /** Replicas that closed although requests still came. */
  closedEarly: number;
}

/** Of each kind, for each path. */
const CLIENTS = 1;
const PACE_MS = 50;
const UP_WITHIN_MS = 60_000;

type Send = () => Promise<{ status: number }>;

/** What clients ask for, again and again. */
async function requestsAt(platform: Pick<Platform, "urls">) {
  const [restaurant, customer, courier] = await Promise.all([
    openRestaurant(platform),
    newCustomer(platform),
    courierOnDuty(platform),
  ]);
  const { orderId } = expectStatus(await retryOn503(() => customer.order(restaurant)), 201);
  const reads: [ServiceName, `/${string}`, Actor][] = [
    ["customer", "/v1/customers/me", customer],
    ["customer", `/v1/restaurants/${restaurant.id}/menu`, customer],
    ["restaurant", "/v1/restaurants/me", restaurant],
    ["order", `/v1/orders/${orderId}/timeline`, customer],
    ["delivery", "/v1/couriers/me", courier],
  ];
  const writes: [string, Send][] = [
    ["opening", () => restaurant.send("PUT /v1/restaurants/me/availability", { acceptingOrders: true })],
    ["moving", () => courier.send("PUT /v1/couriers/me/location", { location: courier.at })],
    [
      "placing",
      async () => {
        const placed = await customer.order(restaurant);
        if (placed.status !== 201) return placed;
        return restaurant.send(`POST /v1/orders/${placed.body.orderId}/reject`, { reason: "too_busy" });
      },
    ],
  ];
  return { reads, writes };
}

export async function restartUnderLoad(options: Restarts): Promise<RestartFigures> {
  const { restarts, replicas, checkEveryMs, drain, busy, onRestart } = options;
  const front = newFront();
  const urlOf = (port: number) => `http://127.0.0.1:${port}`;
  const inside = Object.fromEntries(
    SERVICES.map((service) => [`${service.toUpperCase()}_URL`, urlOf(front.keeping[service])]),
  );
  const platform = await openPlatform({
    replicas: Object.fromEntries(SERVICES.map((service) => [service, replicas])),
    environment: {
      ...inside,
      LOG_LEVEL: "warn",
      SHUTDOWN_DELAY_MS: String(drain.quietMs),
      SHUTDOWN_DELAY_MAX_MS: String(drain.mostMs),
    },
  });
  const stops: (() => unknown)[] = [platform.stop];
  const stop = async () => {
    for (const one of stops.reverse()) await one();
  };
  const figures: RestartFigures = { answered: 0, refused: 0, lost: [], exitCodes: [], closedEarly: 0 };
  try {
    const haproxy = await startHaproxy(platform, front, { checkEveryMs });
    stops.push(haproxy.stop);
    const urls = Object.fromEntries(
      SERVICES.map((service) => [service, urlOf(front.closing[service])]),
    ) as Platform["urls"];
    const { reads, writes } = await requestsAt({ urls });

    let over = false;
    async function again(what: string, send: Send) {
      while (!over) {
        try {
          if ((await send()).status < 300) figures.answered++;
          else figures.refused++;
        } catch (error) {
          figures.lost.push(`${what}: ${error}`);
        }
        await Bun.sleep(PACE_MS * Math.random());
      }
    }
    const kept: KeepAliveClient[] = [];
    const clients = writes.map(([what, send]) => again(what, send));
    for (const [service, path, { token }] of reads)
      for (let i = 0; i < CLIENTS; i++) {
        const client = keepAliveClient(urlOf(front.keeping[service]));
        kept.push(client);
        clients.push(
          again(`GET ${path}`, () => call(urls[service], `GET ${path}`, { token })),
          again(`GET ${path}, kept open`, async () => ({ status: await client.get(path, token) })),
        );
      }

    const spinning = Array.from({ length: busy }, () =>
      Bun.spawn(["nice", "sh", "-c", "while :; do :; done"], { stdio: ["ignore", "ignore", "ignore"] }),
    );
    stops.push(() => {
      for (const child of spinning) child.kill("SIGKILL");
    });

    async function restart(service: ServiceName, index: number) {
      const replica = platform.replicas[service][index % replicas];
      if (!replica) throw new Error(`The replica of ${service} does not exist`);
      figures.exitCodes.push(await replica.kill("SIGTERM"));
      // On a busy machine a start takes long. A rolling restart waits for it.
      await replica.start().catch(replica.start).catch(replica.start);
      await eventually(() => haproxy.isUp(replica.name), UP_WITHIN_MS);
    }
    for (let index = 0; index < restarts; index++) {
      await Promise.all(SERVICES.map((service) => restart(service, index)));
      onRestart?.(index + 1, figures.lost.length + (await haproxy.losses()).length);
    }
    over = true;
    await Promise.all(clients);
    for (const client of kept) client.close();
    figures.lost.push(...(await haproxy.losses()));
    const logs = platform.all.map(({ log }) => log()).join("");
    figures.closedEarly = logs.split("Requests still come").length - 1;
  } finally {
    await stop();
  }
  return figures;
}
