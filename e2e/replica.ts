// One process of one service, which a test can start, kill and pause.
import { eventually } from "@food/shared/testing/tools";
import { freePort } from "../tools/free-port.ts";
import type { TcpProxy } from "./proxy.ts";

export interface Replica {
  /** Service and number, as in `order-2`. */
  name: string;
  url: string;
  /** The proxies between the process and its databases, if any. */
  proxies: { mongo?: TcpProxy; redis?: TcpProxy };
  /** Starts the process unless it runs, waits until it is ready, and adds it to the balancer. */
  start: (environment?: Record<string, string>) => Promise<void>;
  /** Sends the signal, waits for the end and returns the exit code; -1 when a signal ended the process. */
  kill: (signal?: NodeJS.Signals) => Promise<number>;
  /** Pauses and resumes the process with SIGSTOP and SIGCONT. */
  pause: () => void;
  resume: () => void;
  isRunning: () => boolean;
  /** Number of unexpected exits. */
  deaths: () => number;
  /** The whole log, over all restarts. */
  log: () => string;
  pid: () => number;
  residentBytes: () => Promise<number>;
  /** Stops the replica for good. */
  end: () => Promise<void>;
}

/** For an answer of another process on the port, which may never come. */
const ANSWER_MAX_MS = 10_000;
/** Characters of the log to show when a process fails. */
const LOG_TAIL_MAX = 2_000;
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
  /** Resolves once the output of the newest process has been read to its end. */
  let logged: Promise<unknown> = Promise.resolve();
  let ended = false;
  let deaths = 0;
  const expected = new WeakSet<object>();

  const ask = (path: string) => fetch(`${url}${path}`, { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
  /** Ready, and of this run: a process of another run on the port has other keys. */
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
    const ofDying = logged;
    const exitCode = await dying.exited;
    await ofDying;
    if (child === dying) child = undefined;
    return dying.signalCode ? -1 : exitCode;
  }

  function launch(changes: Record<string, string>): Process {
    const launched = Bun.spawn([binary], {
      env: { ...environment, PORT: String(port), ...changes },
      stdout: "pipe",
      stderr: "pipe",
    });
    logged = Promise.all([collect(launched.stdout, log), collect(launched.stderr, log)]);
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
      const isThere = await eventually(async () => gone() || (await isReady(SIGNING_KEY))).catch(() => false);
      if (gone()) await logged;
      if (gone() ? !expected.has(started) : !isThere)
        throw new Error(
          `${name} ${gone() ? "has ended" : "is not ready"}:\n${log.join("").slice(-LOG_TAIL_MAX)}`,
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
