// Server-sent events (WHATWG HTML, section 9.2) over a stream that cleans up after itself: when the client goes,
// when the process stops, and when the source says that it is over.
import type { Lifecycle } from "./lifecycle.ts";
import type { Metrics } from "./metrics.ts";
import { currentScope } from "./request-scope.ts";

export interface ServerEvent {
  event: string;
  id?: number;
  data: unknown;
}

export interface EventSink {
  send: (event: ServerEvent) => void;
  /** Whether the client reads slower than it is sent to: what may be left out should be. */
  isLagging: () => boolean;
  /** Sends nothing more and closes the stream. */
  end: () => void;
}

export interface EventStreamDeps {
  lifecycle: Lifecycle;
  metrics: Metrics;
}

const RETRY_MS = 3_000;
export const HEARTBEAT_MS = 15_000;
const LAG_CHUNKS = 16;

const format = ({ event, id, data }: ServerEvent) =>
  `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

/** Answers with a stream. `open` gets the sink and returns what undoes it; it may be async, and whatever it
 * throws ends the stream with an `error` event. */
export function eventStream(
  { lifecycle, metrics }: EventStreamDeps,
  open: (sink: EventSink) => (() => void) | Promise<() => void>,
): Response {
  currentScope()?.keepOpen?.();
  const encoder = new TextEncoder();
  let undo: (() => void) | undefined;
  let ended = false;
  let finish = () => {};

  const body = new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        const write = (text: string) => {
          if (!ended) controller.enqueue(encoder.encode(text));
        };
        const sink: EventSink = {
          send: (event) => write(format(event)),
          isLagging: () => (controller.desiredSize ?? 0) <= 0,
          end: () => finish(),
        };
        const goodbye = () => {
          sink.send({ event: "reconnect", data: { reason: "server_stopping" } });
          finish();
        };
        const heartbeat = setInterval(() => {
          if (!sink.isLagging()) sink.send({ event: "heartbeat", data: { at: new Date().toISOString() } });
        }, HEARTBEAT_MS);
        finish = () => {
          if (ended) return;
          ended = true;
          clearInterval(heartbeat);
          lifecycle.stopping.removeEventListener("abort", goodbye);
          metrics.openStreams.dec();
          undo?.();
          try {
            controller.close();
          } catch {
            // The client has gone and taken the stream with it.
          }
        };
        metrics.openStreams.inc();
        lifecycle.stopping.addEventListener("abort", goodbye);
        write(`retry: ${RETRY_MS}\n\n`);
        try {
          const undoing = await open(sink);
          if (ended) undoing();
          else undo = undoing;
        } catch {
          sink.send({ event: "error", data: { code: "STREAM_FAILED", detail: "Connect again." } });
          finish();
        }
        if (lifecycle.stopping.aborted) goodbye();
      },
      cancel: () => finish(),
    },
    { highWaterMark: LAG_CHUNKS },
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}
