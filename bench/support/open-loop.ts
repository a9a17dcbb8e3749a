// An open-loop load generator: sends requests at a fixed rate from its own process, so that a queue builds up in the
// server and not in here. Latency counts from the time at which a request was due.
import { join } from "node:path";

export interface Flood {
  url: string;
  /** Requests to repeat, one after the other. */
  requests: { token?: string; headers?: Record<string, string>; body: object }[];
  /** Requests a second; without it, `atOnce` clients send in a closed loop. */
  rate?: number;
  atOnce?: number;
  seconds: number;
}

export interface Wave {
  sent: number;
  /** Answers by status; 0 counts requests without an answer. */
  statuses: Record<number, number>;
  /** Latencies in milliseconds, by status. */
  tookMs: Record<number, number[]>;
  /** Good answers a second in the second half of the time, when the queues are full. */
  goodPerSecond: number;
  /** When the last request without a 201 was due, in seconds from the start. */
  lastFailureAt: number;
}

export async function flood(options: Flood): Promise<Wave> {
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, "open-loop.ts"), JSON.stringify(options)],
    {
      stdout: "pipe",
      stderr: "inherit",
      env: { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: "8192" },
    },
  );
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`The load generator failed: ${text}`);
  return JSON.parse(text);
}

const GOOD = 201;
const TICK_MS = 5;

async function send({ url, requests, rate, atOnce = 1, seconds }: Flood): Promise<Wave> {
  const wave: Wave = { sent: 0, statuses: {}, tookMs: {}, goodPerSecond: 0, lastFailureAt: 0 };
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;

  async function ask(dueMs: number): Promise<void> {
    const { token, headers, body } = requests[wave.sent % requests.length] ?? {};
    wave.sent += 1;
    const status = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token && { authorization: `Bearer ${token}` }),
        "idempotency-key": crypto.randomUUID(),
        ...headers,
      },
      body: JSON.stringify(body),
    }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    wave.statuses[status] = (wave.statuses[status] ?? 0) + 1;
    const took = wave.tookMs[status] ?? [];
    wave.tookMs[status] = took;
    took.push(Math.round((elapsedMs() - dueMs) * 10) / 10);
    const at = elapsedMs() / 1000 / seconds;
    if (status === GOOD && at > 0.5 && at <= 1) wave.goodPerSecond += 2 / seconds;
    if (status !== GOOD) wave.lastFailureAt = Math.max(wave.lastFailureAt, dueMs / 1000);
  }

  const asked: Promise<void>[] = [];
  if (rate === undefined) {
    const client = async () => {
      while (elapsedMs() < seconds * 1000) await ask(elapsedMs());
    };
    asked.push(...Array.from({ length: atOnce }, client));
  } else
    for (let n = 0; n < rate * seconds; ) {
      for (; n < rate * seconds && (n * 1000) / rate <= elapsedMs(); n++) asked.push(ask((n * 1000) / rate));
      await Bun.sleep(TICK_MS);
    }
  await Promise.all(asked);
  return wave;
}

if (import.meta.main) process.stdout.write(JSON.stringify(await send(JSON.parse(Bun.argv[2] ?? ""))));
