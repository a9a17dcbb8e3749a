// A master, a replica and sentinels of real servers on this machine. Tests and proofs break them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { type RedisServer, startRedisServer, until } from "./redis-node.ts";

export interface RedisSentinels {
  url: string;
  servers: RedisServer[];
  sentinels: RedisServer[];
  /** The server that the first sentinel names as the master. */
  master: () => Promise<RedisServer>;
  /** Resolves once a master has a replica with its data. */
  untilReplicated: () => Promise<void>;
  /** Lets the sentinels hand over to the replica, while the master lives. */
  failOver: () => Promise<void>;
  stop: () => Promise<void>;
}

const MASTER_NAME = "main";
const NO_PERSISTENCE = ["--save", "", "--appendonly", "no", "--repl-diskless-sync-delay", "0"];

export interface SentinelOptions {
  count?: number;
  /** How long the master may be silent before the replica takes over. */
  silentMs?: number;
  /** Of the servers. */
  password?: string;
  sentinelPassword?: string;
}

/** Throws a StartFailure where no redis-server is on the PATH. */
export async function startRedisSentinels(options: SentinelOptions = {}): Promise<RedisSentinels> {
  const { count = 1, silentMs = 1_000, password, sentinelPassword } = options;
  const folder = mkdtempSync(join(tmpdir(), "redis-sentinel-"));
  const ports = [freePort(), freePort()];
  const [first = 0] = ports;
  const common = [
    ...NO_PERSISTENCE,
    ...(password ? ["--requirepass", password, "--masterauth", password] : []),
  ];
  const servers = await Promise.all(
    ports.map((port, i) =>
      startRedisServer(
        folder,
        port,
        i === 0 ? common : [...common, "--replicaof", "127.0.0.1", `${first}`],
        options,
      ),
    ),
  );
  const isMasterOfOne = async ({ admin }: RedisServer) =>
    admin.status === "ready" && /role:master[\s\S]*state=online/.test(await admin.info("replication"));
  const untilReplicated = () =>
    until("the master has no replica", async () =>
      (await Promise.all(servers.map(isMasterOfOne))).includes(true),
    );
  await untilReplicated();
  const sentinels = await Promise.all(
    Array.from({ length: count }, () => {
      const port = freePort();
      const file = join(folder, `sentinel-${port}.conf`);
      const settings = [
        `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${first} ${Math.floor(count / 2) + 1}`,
        `sentinel down-after-milliseconds ${MASTER_NAME} ${silentMs}`,
        `sentinel failover-timeout ${MASTER_NAME} 5000`,
        ...(password ? [`sentinel auth-pass ${MASTER_NAME} ${password}`] : []),
        ...(sentinelPassword ? [`requirepass ${sentinelPassword}`] : []),
      ];
      writeFileSync(file, `${settings.join("\n")}\n`);
      return startRedisServer(folder, port, [file, "--sentinel"], {
        ...(sentinelPassword && { password: sentinelPassword }),
      });
    }),
  );
  const said = async (command: string, { admin }: RedisServer) =>
    JSON.stringify(await admin.call("SENTINEL", command, MASTER_NAME));
  await until("a sentinel does not know the replica or the others", async () => {
    const known = sentinels.map(async (one) => {
      const others = (await said("SENTINELS", one)).split("runid").length - 1;
      return (await said("REPLICAS", one)).includes(`${ports[1]}`) && others === count - 1;
    });
    return (await Promise.all(known)).every(Boolean);
  });

  return {
    url:
      `redis+sentinel://${password ? `:${password}@` : ""}` +
      `${sentinels.map(({ port }) => `127.0.0.1:${port}`).join()}/${MASTER_NAME}` +
      (sentinelPassword ? `?sentinel_password=${encodeURIComponent(sentinelPassword)}` : ""),
    servers,
    sentinels,
    async master() {
      const [sentinel] = sentinels;
      const place = (await sentinel?.admin.call(
        "SENTINEL",
        "GET-MASTER-ADDR-BY-NAME",
        MASTER_NAME,
      )) as string[];
      const found = servers.find(({ port }) => `${port}` === place[1]);
      if (!found) throw new Error("The sentinels name no master");
      return found;
    },
    untilReplicated,
    // A sentinel that has just started, or is busy, refuses at first.
    failOver: () =>
      until("the replica cannot take over", async () =>
        Boolean(await sentinels[0]?.admin.call("SENTINEL", "FAILOVER", MASTER_NAME)),
      ),
    async stop() {
      await Promise.all([...servers, ...sentinels].map((server) => server.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
