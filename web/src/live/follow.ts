// Follows an event stream until it ends for good. Connects again with back-off, after the last event that it had.
import { EventReader, type StreamEvent } from "./event-reader.ts";

export interface Following {
  open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;
  /** Returns "again" to connect again, after which the stream begins with a snapshot. */
  onEvent: (event: StreamEvent) => unknown;
  /** Called with true for each sign of life, and with false when the link is lost. */
  onLink: (isUp: boolean) => void;
  /** Without an event for this long the link counts as lost. The services send a heartbeat every 15 s. */
  silenceMs?: number;
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_WAIT_MS = 500;
const WAIT_MAX_MS = 15_000;
const SILENCE_MS = 35_000;
/** A refusal that another attempt does not change. */
const FINAL = [204, 401, 403, 404];

/** Ends early when the signal aborts, or the browser is online again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener("online", done);
    signal.addEventListener("abort", done);
  });
}

/** Waits longer after each failure, with some chance, so that not all pages connect at once. */
export const backOffMs = (failures: number, chance = Math.random()): number =>
  Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** failures) * (0.5 + chance / 2);

/** Returns what stops it. */
export function follow(following: Following): () => void {
  const { open, onEvent, onLink, silenceMs = SILENCE_MS, wait = pause } = following;
  const stopped = new AbortController();
  const reader = { lastEventId: undefined as string | undefined };
  let failures = 0;

  /** True when the stream has ended for good. */
  async function readOnce(): Promise<boolean> {
    const connection = new AbortController();
    const signal = AbortSignal.any([stopped.signal, connection.signal]);
    let timer = setTimeout(() => connection.abort(), silenceMs);
    try {
      const response = await open(reader.lastEventId, signal);
      if (FINAL.includes(response.status)) return true;
      if (!response.ok || !response.body) return false;
      const events = new EventReader();
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        clearTimeout(timer);
        timer = setTimeout(() => connection.abort(), silenceMs);
        failures = 0;
        onLink(true);
        for (const event of events.read(piece)) {
          reader.lastEventId = events.lastEventId ?? reader.lastEventId;
          if (onEvent(event) === "again") return false;
          if (event.event === "end" && /^(final|released)$/.test(String(event.data.reason))) return true;
        }
      }
      return false;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
      connection.abort();
    }
  }

  void (async () => {
    while (!stopped.signal.aborted) {
      if (await readOnce()) return;
      if (stopped.signal.aborted) return;
      onLink(false);
      await wait(backOffMs(failures++), stopped.signal);
    }
  })();
  return () => stopped.abort();
}
