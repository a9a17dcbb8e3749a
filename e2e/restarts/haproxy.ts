// A real HAProxy in front of each service. It learns that a replica stops from its readiness alone, as late as a busy cluster,
// and hides no loss: it neither retries a request nor sends it to another replica.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@food/shared/testing/tools";
import { freePort } from "../../tools/free-port.ts";
import { type Platform, SERVICES, type ServiceName } from "../platform.ts";

export const HAPROXY = Bun.which("haproxy", { PATH: `${Bun.env.PATH}:/usr/sbin` });

type Ports = Record<ServiceName, number>;

/** The ports of each service: with a connection for each request, and with connections that both sides keep. */
export interface Front {
  closing: Ports;
  keeping: Ports;
}

export interface Haproxy {
  /** Whether HAProxy sends requests to the replica. */
  isUp: (replica: string) => Promise<boolean>;
  /** One entry for each request that HAProxy could not bring to an answer. */
  losses: () => Promise<string[]>;
  stop: () => Promise<void>;
}

const portsOfAll = () => Object.fromEntries(SERVICES.map((service) => [service, freePort()])) as Ports;
export const newFront = (): Front => ({ closing: portsOfAll(), keeping: portsOfAll() });

/** A stopping replica is out after two failed checks, and a new one is in after the first that passes. */
const FAILED_CHECKS = 2;
const UP_WITHIN_MS = 50;

function configuration(
  platform: Platform,
  { closing, keeping }: Front,
  checkEveryMs: number,
  socket: string,
) {
  const servers = (service: ServiceName, watch: (name: string) => string) =>
    platform.replicas[service].map(({ name, url }) => `  server ${name} ${new URL(url).host} ${watch(name)}`);
  const check = `check inter ${checkEveryMs} downinter ${UP_WITHIN_MS} fall ${FAILED_CHECKS} rise 1`;
  return [
    ...["global", `  stats socket ${socket} mode 600 level user`],
    ...["defaults", "  mode http", "  retries 0", "  timeout connect 10s", "  timeout check 10s"],
    ...["  timeout client 60s", "  timeout server 60s"],
    ...["  option httpchk GET /health/ready", "  http-check expect status 200"],
    ...SERVICES.flatMap((service) => [
      ...[`listen ${service}`, `  bind 127.0.0.1:${closing[service]}`, "  option httpclose"],
      ...servers(service, () => check),
      ...[`listen ${service}-keeping`, `  bind 127.0.0.1:${keeping[service]}`, "  http-reuse always"],
      ...servers(service, (name) => `track ${service}/${name}`),
    ]),
    "",
  ].join("\n");
}

/** Asks HAProxy on its socket. */
async function ask(socket: string, question: string): Promise<string> {
  const asked = connect(socket);
  let answer = "";
  asked.on("data", (chunk) => {
    answer += chunk;
  });
  asked.end(`${question}\n`);
  await once(asked, "close");
  return answer;
}

/** Resolves once all replicas are up. */
export async function startHaproxy(
  platform: Platform,
  front: Front,
  { checkEveryMs }: { checkEveryMs: number },
): Promise<Haproxy> {
  if (!HAPROXY) throw new Error("HAProxy is not installed: apt-get install haproxy");
  const folder = mkdtempSync(join(tmpdir(), "haproxy-"));
  const socket = join(folder, "stats");
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, configuration(platform, front, checkEveryMs, socket));
  const child = Bun.spawn([HAPROXY, "-db", "-q", "-f", file], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  async function rows(): Promise<Record<string, string>[]> {
    const [head = "", ...lines] = (await ask(socket, "show stat")).trim().split("\n");
    const names = head.replace("# ", "").split(",");
    return lines.map((line) => Object.fromEntries(line.split(",").map((value, i) => [names[i], value])));
  }
  const isUp = async (replica: string) =>
    (await rows()).some(({ svname, status }) => svname === replica && status?.startsWith("UP"));
  const haproxy: Haproxy = {
    isUp,
    async losses() {
      const all = await rows();
      return all.flatMap(({ pxname, svname, econ, eresp, hrsp_5xx }) => {
        if (svname !== "BACKEND") return [];
        const servers = all.filter((row) => row.pxname === pxname && row.type === "2");
        // Those that no server has sent: HAProxy's own.
        const own = servers.reduce((rest, row) => rest - Number(row.hrsp_5xx), Number(hrsp_5xx));
        const what = `HAProxy to ${pxname}: ${econ} not connected, ${eresp} without an answer, ${own} answers of its own`;
        return Array(Math.max(own, Number(econ), Number(eresp))).fill(what);
      });
    },
    async stop() {
      child.kill("SIGKILL");
      await child.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy has ended with ${child.exitCode}`);
    const up = await Promise.all(platform.all.map(({ name }) => isUp(name).catch(() => false)));
    return up.every(Boolean);
  }, 30_000).catch(async (error) => {
    await haproxy.stop();
    throw error;
  });
  return haproxy;
}
