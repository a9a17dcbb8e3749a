// One process of one service: started, killed, stopped for a while, read.
import { eventually } from "@food/shared/testing/tools";
import { freePort } from "../tools/free-port.ts";
import type { TcpProxy } from "./proxy.ts";

export interface Replica {
  /** Service and number, as in `order-2`. */
  name: string;
  url: string;
  /** Between the process and its databases, where there are any. */
  proxies: { mongo?: TcpProxy; redis?: TcpProxy };
  /** Starts the process unless it runs, waits until it is ready and lets the balancer send to it. */
  start: (environment?: Record<string, string>) => Promise<void>;
  /** Sends the signal, waits for the end and answers with the exit code; -1 when a signal ended it. */
  kill: (signal?: NodeJS.Signals) => Promise<number>;
  /** SIGSTOP and SIGCONT: the process is there and does nothing. */
  pause: () => void;
  resume: () => void;
  isRunning: () => boolean;
  /** How often it has ended without being told to. */
  deaths: () => number;
  /** All that it has logged, over all its lives. */
  log: () => string;
  pid: () => number;
  residentBytes: () => Promise<number>;
  /** For good. */
  end: () => Promise<void>;
}

const READY_WITHIN_MS = 30_000;
/** Characters of its log that tell why a process is not there. */
const LAST_WORDS = 2_000;
type Process = Bun.Subprocess<"ignore", "pipe", "pipe">;

const publicKeyIn = (jwk: string): string => (JSON.parse(jwk) as { x?: string }).x ?? "";

async function collect(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  const decoder = new TextDecoder();
  for await (const chunk of stream) into.push(decoder.decode(chunk, { stream: true }));
}

export function replicaOf(options: {
  name: string;
  binary: string;
  balancer: TcpProxy;
  proxies: Replica["proxies"];
  environment: Record<string, string>;
}): Replica {
  const { name, binary, balancer, proxies, environment } = options;
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const address = `127.0.0.1:${port}`;
  const log: string[] = [];
  let child: Process | undefined;
  let ended = false;
  let deaths = 0;
  const expected = new WeakSet<object>();

  const ask = (path: string) => fetch(`${url}${path}`, { signal: AbortSignal.timeout(1_000) });
  /** Ready, and ours: on the port may be a process of another run, which has keys of its own. */
  async function isReady(signingKey: string): Promise<boolean> {
    try {
      const keys = await (await ask("/.well-known/jwks.json")).text();
      return keys.includes(publicKeyIn(signingKey)) && (await ask("/health/ready")).ok;
    } catch {
      return false;
    }
  }

  async function kill(signal: NodeJS.Signals = "SIGKILL"): Promise<number> {
    const dying = child;
    if (!dying) return -1;
    expected.add(dying);
    dying.kill(signal);
    const exitCode = await dying.exited;
    if (child === dying) child = undefined;
    return dying.signalCode ? -1 : exitCode;
  }

  function launch(changes: Record<string, string>): Process {
    const launched = Bun.spawn([binary], {
      env: { ...environment, PORT: String(port), ...changes },
      stdout: "pipe",
      stderr: "pipe",
    });
    void collect(launched.stdout, log);
    void collect(launched.stderr, log);
    void launched.exited.then(() => {
      if (child === launched) child = undefined;
      if (!expected.has(launched)) deaths++;
    });
    return launched;
  }

  return {
    name,
    url,
    proxies,
    async start(changes = {}) {
      if (ended) return;
      child ??= launch(changes);
      const started = child;
      const gone = () => child !== started;
      const { SIGNING_KEY = "{}" } = { ...environment, ...changes };
      const isThere = await eventually(
        async () => gone() || (await isReady(SIGNING_KEY)),
        READY_WITHIN_MS,
      ).catch(() => false);
      if (gone() ? !expected.has(started) : !isThere)
        throw new Error(
          `${name} ${gone() ? "has ended" : "is not ready"}:\n${log.join("").slice(-LAST_WORDS)}`,
        );
      if (!balancer.targets.includes(address)) balancer.targets = [...balancer.targets, address];
    },
    kill,
    pause: () => child?.kill("SIGSTOP"),
    resume: () => child?.kill("SIGCONT"),
    deaths: () => deaths,
    isRunning: () => child !== undefined,
    log: () => log.join(""),
    pid: () => child?.pid ?? 0,
    async residentBytes() {
      const status = await Bun.file(`/proc/${child?.pid}/status`).text();
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
    },
    async end() {
      ended = true;
      await kill();
    },
  };
}
