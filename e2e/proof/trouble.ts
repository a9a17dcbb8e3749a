// Fault injection. The seed decides the faults and their sequence.
import { connect } from "node:net";
import { Redis } from "ioredis";
import type { Platform, ServiceName } from "../platform.ts";
import { SERVICES } from "../platform.ts";
import type { Fault, TcpProxy } from "../proxy.ts";
import type { Replica } from "../replica.ts";
import type { Random } from "./random.ts";

export interface FaultInjection {
  /** The number of faults of each kind. */
  counts: Map<string, number>;
  /** All faults in sequence, to find the cause of a violation. */
  journal: string[];
  /** Resolves when all faults are done before the time is over. */
  enough?: Promise<void>;
  /** Ends all faults and restarts all processes. */
  heal: () => Promise<void>;
}

/** A kind of fault: chooses a target; `run` starts the fault, waits, and ends it. */
type Kind = (victims: Victims) => { what: string; run: () => Promise<void> };

interface Victims {
  platform: Platform;
  random: Random;
  redis: Redis;
  messages: SentMessages;
}

/** The messages of the order service to the delivery service. */
interface SentMessages {
  /** The latest requests, newest last. */
  sent: string[];
  /** The number of faults that drop messages now. */
  dropping: number;
}

const SENT_MAX = 200;

export function recordMessages(balancer: TcpProxy): SentMessages {
  const messages: SentMessages = { sent: [], dropping: 0 };
  balancer.tap = {
    toServer(_, chunk) {
      if (!/^PUT \/internal\/deliveries\/\w+\/order /.test(chunk.toString("latin1", 0, 80))) return true;
      messages.sent.push(chunk.toString());
      if (messages.sent.length > SENT_MAX) messages.sent.shift();
      return messages.dropping === 0;
    },
  };
  return messages;
}

export async function sendRaw(port: number, request: string): Promise<void> {
  const answered = Promise.withResolvers<void>();
  const done = () => answered.resolve();
  const socket = connect(port, "127.0.0.1", () => socket.write(request));
  socket.once("data", done).once("error", done).once("close", done);
  await Promise.race([answered.promise, Bun.sleep(ECHO_MAX_MS)]);
  socket.destroy();
}
const ECHO_MAX_MS = 2_000;

const anyReplica = ({ platform, random }: Victims): Replica =>
  random.pick(
    platform.replicas[random.pick<ServiceName>(["order", "delivery", "order", "delivery", ...SERVICES])],
  );

function networkFault(random: Random): Fault | "reset" {
  const kind = random.pick(["down", "stalled", "deaf", "slow", "reset"] as const);
  if (kind === "slow") return { kind, ms: random.int(1, 60), jitterMs: random.int(0, 120) };
  return kind === "reset" ? kind : { kind };
}

function faultAt(where: string, proxy: TcpProxy, random: Random) {
  const fault = networkFault(random);
  const forMs = random.int(100, 1_500);
  const name = fault === "reset" ? fault : fault.kind;
  return {
    what: `${where} ${name} ${forMs} ms`,
    async run() {
      if (fault === "reset") return proxy.reset();
      proxy.suffer(fault);
      await Bun.sleep(forMs);
      proxy.heal();
    },
  };
}

function proxyOf({ name, proxies }: Replica, database: "mongo" | "redis"): TcpProxy {
  const proxy = proxies[database];
  if (!proxy) throw new Error(`There is no proxy between ${name} and its databases`);
  return proxy;
}

/** Another fault may prevent the start. After the healing it must succeed. */
const comeBack = (replica: Replica) => replica.start().catch(() => undefined);

const KINDS: Record<string, Kind> = {
  kill(victims) {
    const replica = anyReplica(victims);
    const forMs = victims.random.int(0, 800);
    return {
      what: `kill ${replica.name}, back after ${forMs} ms`,
      async run() {
        await replica.kill("SIGKILL");
        await Bun.sleep(forMs);
        await comeBack(replica);
      },
    };
  },
  restart(victims) {
    const replica = anyReplica(victims);
    return {
      what: `restart ${replica.name}`,
      async run() {
        await replica.kill("SIGTERM");
        await comeBack(replica);
      },
    };
  },
  pause(victims) {
    const replica = anyReplica(victims);
    const forMs = victims.random.int(200, 4_000);
    return {
      what: `pause ${replica.name} ${forMs} ms`,
      async run() {
        replica.pause();
        await Bun.sleep(forMs);
        replica.resume();
      },
    };
  },
  mongodb(victims) {
    const replica = anyReplica(victims);
    return faultAt(`MongoDB of ${replica.name}`, proxyOf(replica, "mongo"), victims.random);
  },
  redis(victims) {
    const replica = anyReplica(victims);
    return faultAt(`Redis of ${replica.name}`, proxyOf(replica, "redis"), victims.random);
  },
  redisForAll({ platform, random }) {
    const forMs = random.int(200, 2_500);
    const fault: Fault = { kind: random.pick(["down", "stalled"] as const) };
    const proxies = platform.all.flatMap(({ proxies: { redis } }) => redis ?? []);
    return {
      what: `Redis ${fault.kind} for all ${forMs} ms`,
      async run() {
        for (const proxy of proxies) proxy.suffer(fault);
        await Bun.sleep(forMs);
        for (const proxy of proxies) proxy.heal();
      },
    };
  },
  redisEmptied: ({ redis }) => ({ what: "Redis emptied", run: async () => void (await redis.flushall()) }),
  outage({ platform, random }) {
    const service = random.pick(SERVICES);
    const forMs = random.int(300, 2_000);
    return {
      what: `every ${service} process down for ${forMs} ms`,
      async run() {
        await Promise.all(platform.replicas[service].map((replica) => replica.kill("SIGKILL")));
        await Bun.sleep(forMs);
        await Promise.all(platform.replicas[service].map(comeBack));
      },
    };
  },
  orderDatabase({ platform, random }) {
    const replica = random.pick(platform.replicas.order);
    return faultAt(`MongoDB of ${replica.name}`, proxyOf(replica, "mongo"), random);
  },
  /** Sends an earlier message of the order service again, late and out of order. */
  echo({ platform, random, messages }) {
    const which = random.next();
    const request = messages.sent[Math.floor(which * messages.sent.length)];
    return {
      what: `echo ${request?.slice(0, request.indexOf(" HTTP")) ?? "without a message"}`,
      run: async () => void (request && (await sendRaw(platform.balancers.delivery.port, request))),
    };
  },
  lostMessages({ random, messages }) {
    const forMs = random.int(200, 1_500);
    return {
      what: `messages about orders lost ${forMs} ms`,
      async run() {
        messages.dropping++;
        await Bun.sleep(forMs);
        messages.dropping--;
      },
    };
  },
  network(victims) {
    const service = victims.random.pick(SERVICES);
    return faultAt(`network to ${service}`, victims.platform.balancers[service], victims.random);
  },
};
const WEIGHTED = [
  ...["kill", "kill", "kill", "kill", "pause", "pause", "restart", "outage", "echo", "echo"],
  ...["mongodb", "mongodb", "mongodb", "redis", "redisForAll", "redisEmptied", "network", "network"],
  ...["lostMessages", "lostMessages"],
];

/** Starts a fault about every `everyMs`. Several faults may overlap. */
export function injectFaults(
  platform: Platform,
  random: Random,
  options: { everyMs: number; redisUrl: string; only?: string[] },
): FaultInjection {
  const redis = new Redis(options.redisUrl, { lazyConnect: true });
  const counts = new Map<string, number>();
  const journal: string[] = [];
  const messages = recordMessages(platform.balancers.delivery);
  const underWay = new Set<Promise<void>>();
  const startedAt = Date.now();
  let healed = false;

  const loop = (async () => {
    while (!healed) {
      await Bun.sleep(random.int(options.everyMs / 3, (options.everyMs * 5) / 3));
      if (healed) return;
      const kind = random.pick(options.only ?? WEIGHTED);
      const { what, run } = KINDS[kind]?.({ platform, random, redis, messages }) ?? {};
      if (!run) throw new Error(`There is no fault ${kind}`);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      journal.push(`${Date.now() - startedAt} ms: ${what}`);
      const doing = run().finally(() => underWay.delete(doing));
      underWay.add(doing);
    }
  })();

  return {
    counts,
    journal,
    async heal() {
      healed = true;
      await loop;
      await Promise.all(underWay);
      const balancers = Object.values(platform.balancers);
      for (const proxy of [...balancers, ...platform.all.flatMap(({ proxies }) => Object.values(proxies))])
        proxy.heal();
      for (const replica of platform.all) replica.resume();
      await Promise.all(platform.all.map((replica) => replica.start()));
      redis.disconnect();
      platform.balancers.delivery.tap = undefined;
    },
  };
}
