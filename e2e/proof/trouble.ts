// What is done to the system, in an order drawn from the seed.
import { Redis } from "ioredis";
import type { Platform, ServiceName } from "../platform.ts";
import { SERVICES } from "../platform.ts";
import type { Fault, TcpProxy } from "../proxy.ts";
import type { Replica } from "../replica.ts";
import type { Random } from "./random.ts";

export interface Trouble {
  /** How often each kind was done. */
  counts: Map<string, number>;
  /** In the order in which it was done, for whoever looks for the cause. */
  journal: string[];
  /** No more of it, and everything is put right again. */
  heal: () => Promise<void>;
}

/** One kind of trouble: chooses its victim, does it, waits, undoes it. */
type Kind = (victims: Victims) => { what: string; run: () => Promise<void> };

interface Victims {
  platform: Platform;
  random: Random;
  redis: Redis;
}

const anyReplica = ({ platform, random }: Victims): Replica =>
  random.pick(
    platform.replicas[random.pick<ServiceName>(["order", "delivery", "order", "delivery", ...SERVICES])],
  );

function networkFault(random: Random): Fault | "reset" {
  const kind = random.pick(["down", "stalled", "deaf", "slow", "reset"] as const);
  if (kind === "slow") return { kind, ms: random.int(1, 60), jitterMs: random.int(0, 120) };
  return kind === "reset" ? kind : { kind };
}

function suffering(where: string, proxy: TcpProxy, random: Random) {
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

/** Other trouble may keep it from being ready now; after the healing it must be. */
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
    const { mongo } = replica.proxies;
    if (!mongo) throw new Error("The platform has no proxies");
    return suffering(`MongoDB of ${replica.name}`, mongo, victims.random);
  },
  redis(victims) {
    const replica = anyReplica(victims);
    const { redis } = replica.proxies;
    if (!redis) throw new Error("The platform has no proxies");
    return suffering(`Redis of ${replica.name}`, redis, victims.random);
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
  network(victims) {
    const service = victims.random.pick(SERVICES);
    return suffering(`the way to ${service}`, victims.platform.balancers[service], victims.random);
  },
};
const WEIGHTED = [
  ...["kill", "kill", "kill", "kill", "pause", "pause", "restart"],
  ...["mongodb", "mongodb", "mongodb", "redis", "redisForAll", "redisEmptied", "network", "network"],
];

/** Begins something about every `everyMs`; several things may be wrong at once. */
export function makeTrouble(
  platform: Platform,
  random: Random,
  options: { everyMs: number; redisUrl: string; only?: string[] },
): Trouble {
  const redis = new Redis(options.redisUrl, { lazyConnect: true });
  const counts = new Map<string, number>();
  const journal: string[] = [];
  const underWay = new Set<Promise<void>>();
  const startedAt = Date.now();
  let healed = false;

  const loop = (async () => {
    while (!healed) {
      await Bun.sleep(random.int(options.everyMs / 3, (options.everyMs * 5) / 3));
      if (healed) return;
      const kind = random.pick(options.only ?? WEIGHTED);
      const { what, run } = KINDS[kind]?.({ platform, random, redis }) ?? {};
      if (!run) throw new Error(`There is no trouble called ${kind}`);
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
    },
  };
}
