// Requests at a rate that does not wait for answers, as a crowd sends them, from a process of its own: what a server
// cannot do in time piles up there and nowhere else. Latency counts from when a request should have gone.
import { join } from "node:path";

export interface Flood {
  url: string;
  token: string;
  body: object;
  /** Requests a second; without it, `atOnce` clients each wait for their answer before they ask again. */
  rate?: number;
  atOnce?: number;
  seconds: number;
}

export interface Wave {
  sent: number;
  /** Answers of each status; 0 for none at all. */
  statuses: Record<number, number>;
  /** Milliseconds that answers of each status took. */
  tookMs: Record<number, number[]>;
  /** Good answers a second in the second half of the time: by then whatever queues there are have filled. */
  goodPerSecond: number;
  /** When the last request that was not answered with 201 should have gone, in seconds from the start. */
  lastFailureAt: number;
}

/** Sends all of it and gives back what came. */
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
  if ((await child.exited) !== 0) throw new Error(`The crowd did not come: ${text}`);
  return JSON.parse(text);
}

const GOOD = 201;
const TICK_MS = 5;

async function send({ url, token, body, rate, atOnce = 1, seconds }: Flood): Promise<Wave> {
  const wave: Wave = { sent: 0, statuses: {}, tookMs: {}, goodPerSecond: 0, lastFailureAt: 0 };
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;

  async function ask(dueMs: number): Promise<void> {
    wave.sent += 1;
    const status = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
        "idempotency-key": crypto.randomUUID(),
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
