// Repeats requests that may be sent twice: reads, PUTs, and what has an idempotency key.

/** Sends one request. */
export type Send = (request: Request) => Promise<Response>;

export interface Limits {
  /** Of one request, the first one included. */
  triesMax: number;
  /** The longest pause between two tries. An answer that asks for a longer one is returned instead. */
  waitMsMax: number;
  /** For the head of each answer. */
  timeoutMs: number;
}
export const LIMITS: Limits = { triesMax: 5, waitMsMax: 10_000, timeoutMs: 15_000 };

const FIRST_WAIT_MS = 200;
const REPEATABLE = new Set(["GET", "HEAD", "PUT"]);

/** The type of `clone` differs between Bun, Node and browsers. */
export const copyOf = <T extends Request | Response>(one: T): T => one.clone() as T;

const isRepeatable = ({ method, headers }: Request): boolean =>
  REPEATABLE.has(method) || headers.has("idempotency-key");
const isTemporary = (status: number) => status === 429 || status >= 500;

/** Grows with each try, and differs between clients. */
export const backOffMs = (tries: number, { waitMsMax }: Pick<Limits, "waitMsMax">): number =>
  Math.min(waitMsMax, FIRST_WAIT_MS * 2 ** (tries - 1)) * (0.75 + Math.random() / 4);

/** Undefined when the server asks for more than the limit. */
function pauseMs(response: Response | undefined, tries: number, limits: Limits): number | undefined {
  const seconds = Number(response?.headers.get("retry-after") ?? Number.NaN);
  if (Number.isNaN(seconds)) return backOffMs(tries, limits);
  return seconds * 1_000 > limits.waitMsMax ? undefined : seconds * 1_000;
}

/** Ends early, without an error, when the signal aborts. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done, { once: true });
  });

/** Gives up when there is no answer in time. The body may take longer: a stream has no end. */
async function withinTime(send: Send, request: Request, timeoutMs: number): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await send(new Request(request, { signal: AbortSignal.any([request.signal, late.signal]) }));
  } finally {
    clearTimeout(timer);
  }
}

/** The same, with repetitions. Throws what the last try threw. */
export const retrying =
  (send: Send, limits: Limits): Send =>
  async (request) => {
    for (let tries = 1; ; tries++) {
      const spare = isRepeatable(request) && tries < limits.triesMax ? copyOf(request) : undefined;
      const outcome = await withinTime(send, request, limits.timeoutMs).catch((error: unknown) => {
        if (!spare || spare.signal.aborted) throw error;
        return undefined;
      });
      if (outcome && !isTemporary(outcome.status)) return outcome;
      const ms = spare && pauseMs(outcome, tries, limits);
      if (outcome && (!spare || ms === undefined)) return outcome;
      await outcome?.body?.cancel();
      await pause(ms ?? 0, spare?.signal);
      if (spare) request = spare;
    }
  };
