// Server-sent events (WHATWG HTML, section 9.2) over a stream that is bounded and cleans up after itself: when the
// client goes or no longer reads, when its token expires, when the process stops, and when the source says that it
// is over.
import { currentScope, inBackground } from "../observe/request-scope.ts";
import type { OpenStream, Streams } from "./streams.ts";

export interface ServerEvent {
  event: string;
  id?: number | string;
  data: unknown;
}

/** An event as it goes over the wire: made once for all who get it. */
export type Frame = Uint8Array<ArrayBuffer>;

export interface EventSink {
  send: (event: ServerEvent | Frame) => void;
  /** Sends the newest of its kind: while the client lags, a later one takes its place. */
  sendLatest: (make: () => ServerEvent | Frame) => void;
  /** Says why in an `end` event, sends nothing more and closes the stream. */
  end: (data: object) => void;
}

/** Whose stream it is, and until when (epoch milliseconds) the token that opened it is good. */
export interface StreamCaller {
  id: string;
  expiresAt: number;
}

export interface EventStreamDeps {
  streams: Streams;
}

/** What undoes what was opened for a stream. */
type Undo = () => void;

export const HEARTBEAT_MS = 15_000;
/** So that those who lose their replica together do not come back together. */
const RETRY_MS = { least: 2_000, spread: 2_000 };
/** From here on a client lags; this much further behind and it is let go. */
const LAG_CHUNKS = 16;
const BEHIND_CHUNKS = 64;
const STRATEGY = { highWaterMark: LAG_CHUNKS };
const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // A proxy that compresses or buffers would keep the events back.
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

const encoder = new TextEncoder();

export const frameOf = ({ event, id, data }: ServerEvent): Frame =>
  encoder.encode(
    `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`,
  );

/** News is slower for a while, and as fast as ever again. */
export const linkFrame = (isLive: boolean): Frame =>
  frameOf({ event: isLive ? "live" : "degraded", data: { at: new Date().toISOString() } });

const retryFrame = () =>
  encoder.encode(`retry: ${Math.round(RETRY_MS.least + Math.random() * RETRY_MS.spread)}\n\n`);

let beat = { at: 0, frame: new Uint8Array() };
function beatAt(now: number): Frame {
  if (beat.at !== now)
    beat = { at: now, frame: frameOf({ event: "heartbeat", data: { at: new Date(now).toISOString() } }) };
  return beat.frame;
}

/** A class, and its own source: ten thousand of them are open at once. */
class EventStream implements EventSink, OpenStream {
  private controller: ReadableStreamDefaultController<Frame> | undefined;
  private undo: Undo | undefined;
  private latest: (() => ServerEvent | Frame) | undefined;
  private ended = false;
  private wasLagging = false;
  // Spread, so that those who came together are not all sent to at once.
  private beatDueAt = Date.now() + HEARTBEAT_MS * (0.5 + Math.random() / 2);

  constructor(
    private readonly streams: Streams,
    private readonly caller: StreamCaller,
    private readonly letGo: (() => void) | undefined,
  ) {
    streams.add(this);
  }

  get callerId() {
    return this.caller.id;
  }

  start(controller: ReadableStreamDefaultController<Frame>) {
    this.controller = controller;
    controller.enqueue(retryFrame());
  }

  pull() {
    const { latest } = this;
    this.latest = undefined;
    if (latest) this.send(latest());
  }

  cancel() {
    this.finish();
  }

  private room() {
    return this.controller?.desiredSize ?? 0;
  }

  private write(frame: Frame) {
    if (!this.ended) this.controller?.enqueue(frame);
  }

  send(event: ServerEvent | Frame) {
    this.write(event instanceof Uint8Array ? event : frameOf(event));
    if (this.room() <= LAG_CHUNKS - BEHIND_CHUNKS) this.end({ reason: "too_slow" });
  }

  sendLatest(make: () => ServerEvent | Frame) {
    if (this.room() > 0) this.send(make());
    else this.latest = make;
  }

  end(data: object) {
    this.write(frameOf({ event: "end", data }));
    this.finish();
  }

  goodbye() {
    this.write(frameOf({ event: "reconnect", data: { reason: "server_stopping" } }));
    this.finish();
  }

  tick(now: number) {
    if (now >= this.caller.expiresAt) return this.end({ reason: "token_expired" });
    if (now < this.beatDueAt) return;
    this.beatDueAt += HEARTBEAT_MS;
    const isLagging = this.room() <= 0;
    if (isLagging && this.wasLagging) return this.end({ reason: "too_slow" });
    this.wasLagging = isLagging;
    if (!isLagging) this.write(beatAt(now));
  }

  /** Undone when the stream is over, which it may be already. */
  onEnd(undo: Undo) {
    if (this.ended) undo();
    else this.undo = undo;
  }

  private finish() {
    if (this.ended) return;
    this.ended = true;
    this.latest = undefined;
    this.streams.remove(this);
    this.undo?.();
    try {
      this.controller?.close();
    } catch {
      // The client has gone and taken the stream with it.
    }
    this.letGo?.();
  }

  async open(open: (sink: EventSink) => Undo | Promise<Undo>) {
    try {
      this.onEnd(await open(this));
    } catch {
      this.write(frameOf({ event: "error", data: { code: "STREAM_FAILED", detail: "Connect again." } }));
      this.finish();
    }
    if (this.streams.isStopping) this.goodbye();
  }
}

/** Answers with a stream. `open` gets the sink and returns what undoes it; it may be async, and whatever it throws
 * ends the stream with an `error` event. Throws 429 or 503 when there are too many. */
export function eventStream(
  { streams }: EventStreamDeps,
  caller: StreamCaller,
  open: (sink: EventSink) => Undo | Promise<Undo>,
): Response {
  const scope = currentScope();
  const stream = new EventStream(streams, caller, scope?.letGo);
  scope?.keepOpen?.();
  const body = new ReadableStream<Frame>(stream, STRATEGY);
  inBackground(() => stream.open(open));
  return new Response(body, { headers: HEADERS });
}
