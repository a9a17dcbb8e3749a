// Faults of a Redis Cluster, or of the master of sentinels: masters die, are cut off and come back, slots move under load.
// Processes, networks and MongoDB fail beside them.
import { eventually, NO_REDIS } from "@food/shared/testing/tools";
import { type RedisCluster, startRedisCluster } from "../../tools/databases/redis-cluster.ts";
import type { RedisServer } from "../../tools/databases/redis-node.ts";
import { type RedisSentinels, startRedisSentinels } from "../../tools/databases/redis-sentinel.ts";
import type { Platform } from "../platform.ts";
import type { Random } from "./random.ts";
import { type FaultInjection, injectFaults } from "./trouble.ts";

type Say = (what: string) => void;
type Fault = (random: Random, say: Say) => Promise<unknown>;

export interface BreakableRedis {
  url: string;
  faults: Record<string, Fault>;
  servers: RedisServer[];
  /** Resolves once every part has a master. */
  untilServed: () => Promise<void>;
  stop: () => Promise<void>;
}

const SLOTS = 16_384;
const MOVED_AT_ONCE = 40;
const SILENT_MS = 1_000;
/** A service looks once a second, and a connection waits up to a second for its next try. */
const BACK_WITHIN_MS = 15_000;
const OTHERS = { everyMs: 1_000, redisUrl: NO_REDIS, only: ["kill", "mongodb", "network", "echo"] };

type ChooseMaster = (random: Random) => Promise<RedisServer>;

const away =
  (master: ChooseMaster, begin: "kill" | "pause", end: "start" | "resume"): Fault =>
  async (random, say) => {
    const [server, forMs] = [await master(random), random.int(500, 4_000)];
    say(`${begin} the master at ${server.port}, ${end} after ${forMs} ms`);
    await server[begin]();
    await Bun.sleep(forMs);
    await server[end]();
  };
const mastersAway = (master: ChooseMaster) => ({
  masterKilled: away(master, "kill", "start"),
  masterCutOff: away(master, "pause", "resume"),
});

function breakableCluster(cluster: RedisCluster): BreakableRedis {
  const { url, nodes, masterOf, moveSlot, untilServed, stop } = cluster;
  const anySlot = (random: Random) => random.int(0, SLOTS - 1);
  const master = (random: Random) => masterOf(anySlot(random));
  const moveSlots: Fault = async (random, say) => {
    const to = await masterOf(anySlot(random));
    say(`move ${MOVED_AT_ONCE} slots to ${to.port}`);
    for (let i = 0; i < MOVED_AT_ONCE; i++) await moveSlot(anySlot(random), to);
  };
  return {
    ...{ url, servers: nodes, untilServed, stop },
    faults: { ...mastersAway(master), slotsMoved: moveSlots },
  };
}

function breakableMaster({
  url,
  servers,
  master,
  untilReplicated,
  failOver,
  stop,
}: RedisSentinels): BreakableRedis {
  const handOver: Fault = async (_, say) => {
    say("hand over to the replica");
    await failOver();
  };
  return {
    ...{ url, servers, untilServed: untilReplicated, stop },
    faults: { ...mastersAway(master), handedOver: handOver },
  };
}

export const BREAKABLE = {
  cluster: async () => breakableCluster(await startRedisCluster({ nodeTimeoutMs: SILENT_MS })),
  sentinel: async () => breakableMaster(await startRedisSentinels({ count: 3, silentMs: SILENT_MS })),
};

/** One fault of Redis after the other, each until all is served again, while the platform has other faults. Each is played at
 * least once. */
export function injectRedisFaults(platform: Platform, random: Random, redis: BreakableRedis): FaultInjection {
  const others = injectFaults(platform, random.fork("others"), OTHERS);
  const startedAt = Date.now();
  let healed = false;
  const loop = (async () => {
    const names = Object.keys(redis.faults);
    const isEachPlayed = () => names.every((name) => others.counts.has(name));
    for (let next = random.int(0, 2); !healed || !isEachPlayed(); next++) {
      const name = names[next % names.length] ?? "";
      await redis.faults[name]?.(random, (what) =>
        others.journal.push(`${Date.now() - startedAt} ms: ${what}`),
      );
      await redis.untilServed();
      others.counts.set(name, (others.counts.get(name) ?? 0) + 1);
      await Bun.sleep(random.int(100, 1_000));
    }
  })();
  const hasRedis = async (url: string) => {
    const { checks } = (await (await fetch(`${url}/health/ready`)).json()) as { checks: { redis: string } };
    return checks.redis === "up";
  };
  return {
    ...others,
    async heal() {
      healed = true;
      await loop;
      await others.heal();
      for (const { name, url } of platform.all)
        await eventually(() => hasRedis(url), BACK_WITHIN_MS).catch(() => {
          throw new Error(`${name} has no Redis although all of it is served again`);
        });
    },
  };
}
