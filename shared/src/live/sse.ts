// Server-sent events (WHATWG HTML, section 9.2). A stream ends and cleans up when the client disconnects or stops reading,
// when its token expires, when its session or the process ends, and when its source ends it.
import { HEARTBEAT_MS } from "../http/serve.ts";
import { currentScope, inBackground, outsideRequests } from "../observe/request-scope.ts";
import { regionField } from "../values/region.ts";
import type { OpenStream, Streams } from "./streams.ts";

export interface ServerEvent {
  event: string;
  id?: number | string;
  data: unknown;
}

/** An encoded event, which many streams can share. */
export type Frame = Uint8Array<ArrayBuffer>;

export interface EventSink {
  send: (event: ServerEvent | Frame) => void;
  /** While the client lags, a later call replaces an unsent one. */
  sendLatest: (make: () => ServerEvent | Frame) => void;
  /** Sends an `end` event with this data and closes the stream. */
  end: (data: object) => void;
}

/** The caller of a stream, when its token expires (epoch milliseconds), and the token's session. */
export interface StreamCaller {
  id: string;
  expiresAt: number;
  sessionId?: string;
}

export interface EventStreamDeps {
  streams: Streams;
}

/** Releases what a stream has opened. */
type Undo = () => void;

/** Random, so that clients that lose their replica do not reconnect at the same time. */
const RETRY_MS = { least: 2_000, spread: 2_000 };
/** Unread chunks from which a client lags, and from which its stream ends. */
const LAG_CHUNKS = 16;
const BEHIND_CHUNKS = 64;
const STRATEGY = { highWaterMark: LAG_CHUNKS };
const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // A proxy that compresses or buffers would delay the events.
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

const encoder = new TextEncoder();

export const frameOf = ({ event, id, data }: ServerEvent): Frame =>
  encoder.encode(
    `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`,
  );

/** `degraded`: updates come from polling, every second or two. `live`: they come at once again. */
export const linkFrame = (isLive: boolean): Frame =>
  frameOf({ event: isLive ? "live" : "degraded", data: { at: new Date().toISOString() } });

const retryFrame = () =>
  encoder.encode(`retry: ${Math.round(RETRY_MS.least + Math.random() * RETRY_MS.spread)}\n\n`);

let beat = { at: 0, frame: new Uint8Array() };
function beatAt(now: number): Frame {
  if (beat.at !== now)
    beat = {
      at: now,
      frame: frameOf({ event: "heartbeat", data: { at: new Date(now).toISOString(), ...regionField() } }),
    };
  return beat.frame;
}

/** A class that is its own stream source, to save memory: ten thousand may be open at once. */
class EventStream implements EventSink, OpenStream {
  private controller: ReadableStreamDefaultController<Frame> | undefined;
  private undo: Undo | undefined;
  private latest: (() => ServerEvent | Frame) | undefined;
  private ended = false;
  private wasLagging = false;
  // Random, so that heartbeats spread over time.
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

  get sessionId() {
    return this.caller.sessionId;
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

  signedOut() {
    this.end({ reason: "signed_out" });
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

  /** Calls `undo` when the stream ends, or now if it has ended. */
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
      // The client has disconnected, which closed the stream.
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

/** Responds with a stream. `open` gets the sink and returns a cleanup function. When it throws, the stream ends with an
 * `error` event. Throws 429 or 503 when too many streams are open. */
export function eventStream(
  { streams }: EventStreamDeps,
  caller: StreamCaller,
  open: (sink: EventSink) => Undo | Promise<Undo>,
): Response {
  const scope = currentScope();
  const stream = new EventStream(streams, caller, scope?.letGo);
  scope?.keepOpen?.();
  // Created outside the request, because a stream keeps the scope in which it is created.
  const body = outsideRequests(() => new ReadableStream<Frame>(stream, STRATEGY))();
  inBackground(outsideRequests(() => stream.open(open)));
  return new Response(body, { headers: HEADERS });
}
