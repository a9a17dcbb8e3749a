import { fullGC, heapStats } from "bun:jsc";
import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { headsOf, openEventStream, openStreamsOf } from "../../testing/event-stream.ts";
import { openRawSocket } from "../../testing/raw-socket.ts";
import { runApp } from "../../testing/running-app.ts";
import { eventually } from "../../testing/service.ts";
import { HEARTBEAT_MS } from "../http/serve.ts";
import type { Metrics } from "../observe/metrics.ts";
import { type EventSink, eventStream, frameOf } from "./sse.ts";
import type { OpenStream, StreamLimits, Streams } from "./streams.ts";

const HOUR_MS = 3_600_000;
const openStreams = (metrics: Metrics) => openStreamsOf({ metrics });

function startStreams(
  options: {
    open?: (sink: EventSink) => (() => void) | Promise<() => void>;
    streamLimits?: StreamLimits;
    expiresInMs?: number;
  } = {},
) {
  const { open, expiresInMs = HOUR_MS, ...limits } = options;
  const sinks: EventSink[] = [];
  const undone: number[] = [];
  const app = runApp(
    (base, context) =>
      base.get("/events/:callerId", ({ params }) =>
        eventStream(
          context,
          { id: params.callerId, expiresAt: Date.now() + expiresInMs },
          open ??
            ((sink) => {
              const nth = sinks.push(sink);
              sink.send({ event: "hello", id: nth, data: { nth } });
              return () => undone.push(nth);
            }),
        ),
      ),
    limits,
  );
  const follow = (callerId = "me") => openEventStream(`${app.url}/events/${callerId}`, {});
  return { ...app, sinks, undone, follow };
}

describe("an event stream", () => {
  test("sends its events, then an end event with the reason, and cleans up", async () => {
    const { follow, sinks, undone, metrics } = startStreams();
    const stream = await follow();
    await eventually(async () => stream.events.length === 1);
    expect(await openStreams(metrics)).toBe(1);
    sinks[0]?.send(frameOf({ event: "item", data: { text: "two\nlines" } }));
    sinks[0]?.end({ reason: "over" });
    sinks[0]?.end({ reason: "again" });
    sinks[0]?.send({ event: "late", data: {} });
    await stream.closed;
    expect(stream.events).toEqual([
      { event: "hello", id: "1", data: { nth: 1 } },
      { event: "item", data: { text: "two\nlines" } },
      { event: "end", data: { reason: "over" } },
    ]);
    expect([undone, await openStreams(metrics)]).toEqual([[1], 0]);
  });

  test("when the client disconnects, cleans up", async () => {
    const { follow, undone, metrics } = startStreams();
    const streams = await Promise.all(Array.from({ length: 10 }, () => follow()));
    await eventually(async () => (await openStreams(metrics)) === 10);
    for (const stream of streams) stream.close();
    await eventually(async () => undone.length === 10);
    expect(await openStreams(metrics)).toBe(0);
  });

  test("while it is open, keeps no request with its headers", async () => {
    const requests = () => {
      fullGC();
      return heapStats().objectTypeCounts.Request ?? 0;
    };
    const { follow, metrics } = startStreams();
    // Of the tests of other files in this process.
    const others = requests();
    const streams = await Promise.all(Array.from({ length: 50 }, () => follow()));
    await eventually(async () => (await openStreams(metrics)) === 50);
    await eventually(async () => requests() < others + 10);
    for (const stream of streams) stream.close();
    await eventually(async () => (await openStreams(metrics)) === 0);
  });

  test("when the client disconnects before the response, cleans up", async () => {
    const gate = Promise.withResolvers<void>();
    let undone = 0;
    const { url, metrics } = runApp((base, context) =>
      base.get("/events", async () => {
        await gate.promise;
        return eventStream(context, { id: "me", expiresAt: Date.now() + HOUR_MS }, () => () => undone++);
      }),
    );
    const socket = await openRawSocket(url);
    socket.write("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await eventually(async () => metrics.requestsInFlight === 1);
    socket.close();
    await eventually(async () => socket.isClosed());
    gate.resolve();
    await eventually(async () => undone === 1);
    expect([await openStreams(metrics), metrics.requestsInFlight]).toEqual([0, 0]);
  });

  test("is not opened by HEAD, which is answered at once", async () => {
    const { url, sinks, undone, metrics } = startStreams();
    expect(await headsOf(`${url}/events/me`, {})).toEqual({ 200: 40 });
    expect([sinks.length, undone.length]).toEqual([40, 40]);
    expect([await openStreams(metrics), metrics.requestsInFlight]).toEqual([0, 0]);
  });

  test("when the process stops, sends a reconnect event", async () => {
    const { follow, stop, undone, metrics } = startStreams();
    const stream = await follow();
    await eventually(async () => stream.events.length === 1);
    await stop();
    await stream.closed;
    expect(stream.events.at(-1)).toEqual({ event: "reconnect", data: { reason: "server_stopping" } });
    expect([undone, await openStreams(metrics)]).toEqual([[1], 0]);
  });

  test("when its token expires, ends with that reason", async () => {
    const { follow, undone } = startStreams({ expiresInMs: 300 });
    const stream = await follow();
    await stream.closed;
    expect(stream.events.at(-1)).toEqual({ event: "end", data: { reason: "token_expired" } });
    expect(undone).toEqual([1]);
  });

  test("when it cannot be opened, ends with an error that hides internals", async () => {
    const { follow, metrics } = startStreams({ open: () => Promise.reject(new Error("secret")) });
    const stream = await follow();
    await stream.closed;
    expect(stream.events).toEqual([
      { event: "error", data: { code: "STREAM_FAILED", detail: "Connect again." } },
    ]);
    expect(await openStreams(metrics)).toBe(0);
  });

  test("when the client disconnects during opening, cleans up", async () => {
    const gate = Promise.withResolvers<void>();
    let undone = 0;
    const { follow, metrics } = startStreams({
      open: async () => {
        await gate.promise;
        return () => undone++;
      },
    });
    const stream = await follow();
    stream.close();
    await eventually(async () => (await openStreams(metrics)) === 0);
    gate.resolve();
    await eventually(async () => undone === 1);
  });
});

describe("the limits of event streams", () => {
  test("answers 429 when a caller has its maximum of streams, until one closes", async () => {
    const { follow, metrics } = startStreams({ streamLimits: { max: 100, maxPerCaller: 3 } });
    const streams = await Promise.all([1, 2, 3].map(() => follow("greedy")));
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
    const refused = await follow("greedy");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
    expect((await follow("modest")).status).toBe(200);
    streams[0]?.close();
    await eventually(async () => (await openStreams(metrics)) === 3);
    expect((await follow("greedy")).status).toBe(200);
  });

  test("answers 503 when the process has its maximum of streams", async () => {
    const { follow } = startStreams({ streamLimits: { max: 2, maxPerCaller: 2 } });
    await Promise.all([follow("a"), follow("b")]);
    const refused = await follow("c");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  });

  test("end the stream of a client that stops reading before its queue grows", async () => {
    const { sinks, undone, url } = startStreams();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write("GET /events/sleeper HTTP/1.1\r\nHost: localhost\r\n\r\n");
    socket.once("data", () => socket.pause());
    await eventually(async () => sinks.length === 1);
    let sentBytes = 0;
    await eventually(async () => {
      // Each part is a separate string, so that queued parts show in the process's memory.
      for (let i = 0; i < 8; i++) {
        sinks[0]?.send({ event: "item", data: "x".repeat(32_768) });
        sentBytes += undone.length === 0 ? 32_768 : 0;
      }
      return undone.length === 1;
    });
    // The socket buffers of both sides, and 64 parts.
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
    socket.destroy();
  });
});

describe("an encoded stream", () => {
  /** A stream without a server, and its clock. */
  function aStream(open: (sink: EventSink) => () => void = () => () => undefined, expiresAt = Infinity) {
    const opened: OpenStream[] = [];
    const streams: Streams = {
      add: (stream) => opened.push(stream),
      remove: (stream) => void opened.splice(opened.indexOf(stream), 1),
      isStopping: false,
    };
    const response = eventStream({ streams }, { id: "me", expiresAt }, open);
    const reader = response.body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);
    return { response, next, tick: (now: number) => opened[0]?.tick(now), opened };
  }

  test("begins with a random retry time, and each event has name, id and data", async () => {
    const { response, next } = aStream((sink) => {
      sink.send({ event: "status", id: 3, data: { to: "open" } });
      return () => undefined;
    });
    expect(response.headers.get("content-type")).toStartWith("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    const retry = Number(/^retry: (\d+)\n\n$/.exec(await next())?.[1]);
    expect(retry).toBeWithin(2_000, 4_001);
    expect(await next()).toBe('event: status\nid: 3\ndata: {"to":"open"}\n\n');
  });

  test("ends with the reason when the session of its token ends", async () => {
    const { next, opened } = aStream();
    await next();
    opened[0]?.signedOut();
    expect(await next()).toBe('event: end\ndata: {"reason":"signed_out"}\n\n');
    expect(opened).toHaveLength(0);
  });

  test("sends a heartbeat within fifteen seconds, then every fifteen seconds", async () => {
    const { next, tick, opened } = aStream();
    const openedAt = Date.now();
    for (let second = 0; second < 61; second++) tick(openedAt + second * 1_000);
    opened[0]?.goodbye();
    expect(await next()).toStartWith("retry:");
    const beats: number[] = [];
    for (;;) {
      const at = /^event: heartbeat\ndata: \{"at":"([\dT:.Z-]+)"\}\n\n$/.exec(await next())?.[1];
      if (!at) break;
      beats.push(Date.parse(at) - openedAt);
    }
    expect(beats[0]).toBeLessThanOrEqual(HEARTBEAT_MS);
    expect(beats.length).toBeGreaterThanOrEqual(4);
    expect(beats.slice(1).map((at, i) => at - (beats[i] ?? 0))).toEqual(
      beats.slice(1).map(() => HEARTBEAT_MS),
    );
  });

  test("when the client lags, keeps only the latest, created when it is sent", async () => {
    let made = 0;
    const { next } = aStream((sink) => {
      for (let i = 0; i < 20; i++) sink.send({ event: "item", data: i });
      for (let i = 0; i < 20; i++)
        sink.sendLatest(() => {
          made++;
          return { event: "place", data: i };
        });
      return () => undefined;
    });
    expect(made).toBe(0);
    let text = "";
    while (!text.includes("place")) text = await next();
    expect([text, made]).toEqual(["event: place\ndata: 19\n\n", 1]);
  });

  test("when the client is too far behind, ends after the queued events", async () => {
    let undone = 0;
    const { next, opened } = aStream((sink) => {
      for (let i = 0; i < 1_000; i++) sink.send({ event: "item", data: i });
      return () => undone++;
    });
    await eventually(async () => undone === 1);
    expect(opened).toEqual([]);
    const texts: string[] = [];
    for (let text = await next(); text; text = await next()) texts.push(text);
    expect(texts.length).toBeLessThan(100);
    expect(texts.at(-1)).toBe('event: end\ndata: {"reason":"too_slow"}\n\n');
  });

  test("when the client has not read between two heartbeats, ends", async () => {
    const { tick, opened } = aStream((sink) => {
      for (let i = 0; i < 20; i++) sink.send({ event: "item", data: i });
      return () => undefined;
    });
    await Bun.sleep(0);
    tick(Date.now() + HEARTBEAT_MS);
    expect(opened.length).toBe(1);
    tick(Date.now() + 2 * HEARTBEAT_MS);
    expect(opened.length).toBe(0);
  });
});
