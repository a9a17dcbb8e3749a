// Follows an event stream over any number of connections, without a gap where the stream can be resumed.
import { type Message, readMessages, type StreamEvent } from "./event-stream.ts";
import { refusalOf } from "./refusal.ts";
import { type Limits, pause, type Send } from "./retry.ts";

export interface FollowOptions {
  /** Ends the iteration. */
  signal?: AbortSignal;
  /** Continues after this event, where the stream can be resumed. */
  lastEventId?: string;
  /** Called with true for each sign of life, and with false when a connection is lost. */
  onLink?: (isUp: boolean) => void;
  /** A connection on which nothing arrives for this long counts as lost. By default three heartbeats. */
  silentMs?: number;
}

const SILENT_MS = 45_000;
/** Until the server has said another pause. */
const RETRY_MS = 2_000;
/** Of the connection, not of what is followed. */
const OWN = new Set(["heartbeat", "reconnect", "error"]);
/** Reasons of an `end` after which the next connection goes on, or learns that the session has ended. */
const GOES_ON = new Set(["token_expired", "too_slow", "signed_out"]);

const isOver = ({ event, data }: StreamEvent) => event === "end" && !GOES_ON.has(String(data.reason));
const isExpiry = ({ event, data }: StreamEvent) => event === "end" && data.reason === "token_expired";

/** Yields the events. Ends when the stream has said its last one, or `signal` aborts. Throws `Refused` for an answer that no
 * repetition changes, and when `triesMax` connections one after another brought nothing. */
export async function* follow(
  send: Send,
  url: string,
  { signal, lastEventId, onLink = () => {}, silentMs = SILENT_MS }: FollowOptions,
  { triesMax, waitMsMax }: Limits,
): AsyncGenerator<StreamEvent, void> {
  let last = lastEventId;
  let retryMs = RETRY_MS;
  for (let empty = 0; empty < triesMax; empty++) {
    const headers = { accept: "text/event-stream", ...(last !== undefined && { "last-event-id": last }) };
    const response = await send(new Request(url, { headers, ...(signal && { signal }) })).catch(
      unlessAborted(signal),
    );
    if (!response || response.status === 204) return;
    if (!response.ok || !response.body) throw await refusalOf(response);
    let isExpired = false;
    const messages = readMessages(response.body, silentMs);
    for await (const message of untilCut(messages)) {
      if (signal?.aborted) return;
      onLink(true);
      if ("retryMs" in message) {
        retryMs = message.retryMs;
        continue;
      }
      empty = -1;
      last = message.id ?? last;
      if (isOver(message)) {
        yield message;
        return;
      }
      isExpired = isExpiry(message);
      if (message.event !== "end" && !OWN.has(message.event)) yield message;
    }
    if (isExpired) continue;
    if (!signal?.aborted) onLink(false);
    await pause(Math.min(retryMs, waitMsMax), signal);
    if (signal?.aborted) return;
  }
  throw new Error(`The event stream ended ${triesMax} times without an event`);
}

const unlessAborted = (signal: AbortSignal | undefined) => (error: unknown) => {
  if (!signal?.aborted) throw error;
};

/** A connection that breaks ends the messages like one that closes. */
async function* untilCut(messages: AsyncGenerator<Message, void>): AsyncGenerator<Message, void> {
  try {
    yield* messages;
  } catch {
    // The next connection continues.
  }
}
