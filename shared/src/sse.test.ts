import { describe, expect, spyOn, test } from "bun:test";
import { openEventStream } from "../testing/event-stream.ts";
import { runApp } from "../testing/running-app.ts";
import { eventually } from "../testing/service.ts";
import { newLifecycle } from "./lifecycle.ts";
import { createMetrics } from "./metrics.ts";
import { type EventSink, eventStream, HEARTBEAT_MS } from "./sse.ts";

const openStreams = async (metrics: ReturnType<typeof createMetrics>) =>
  (await metrics.openStreams.get()).values[0]?.value ?? 0;

function startStreams(open?: (sink: EventSink) => (() => void) | Promise<() => void>) {
  const sinks: EventSink[] = [];
  const undone: number[] = [];
  const app = runApp((base, context) =>
    base.get("/events", () =>
      eventStream(
        context,
        open ??
          ((sink) => {
            const nth = sinks.push(sink);
            sink.send({ event: "hello", id: nth, data: { nth } });
            return () => undone.push(nth);
          }),
      ),
    ),
  );
  return { ...app, sinks, undone, follow: () => openEventStream(`${app.url}/events`, {}) };
}

describe("an event stream", () => {
  test("sends what it is given, then ends and undoes what it opened", async () => {
    const { follow, sinks, undone, metrics } = startStreams();
    const stream = await follow();
    await eventually(async () => stream.events.length === 1);
    expect(await openStreams(metrics)).toBe(1);
    sinks[0]?.send({ event: "news", data: { text: "two\nlines" } });
    sinks[0]?.end();
    sinks[0]?.end();
    sinks[0]?.send({ event: "late", data: {} });
    await stream.closed;
    expect(stream.events).toEqual([
      { event: "hello", id: "1", data: { nth: 1 } },
      { event: "news", data: { text: "two\nlines" } },
    ]);
    expect([undone, await openStreams(metrics)]).toEqual([[1], 0]);
  });

  test("is undone when the client goes, and leaves nothing behind", async () => {
    const { follow, undone, metrics } = startStreams();
    const streams = await Promise.all(Array.from({ length: 10 }, follow));
    await eventually(async () => (await openStreams(metrics)) === 10);
    for (const stream of streams) stream.close();
    await eventually(async () => undone.length === 10);
    expect(await openStreams(metrics)).toBe(0);
  });

  test("is told to connect again when the process stops", async () => {
    const { follow, stop, undone, metrics } = startStreams();
    const stream = await follow();
    await eventually(async () => stream.events.length === 1);
    await stop();
    await stream.closed;
    expect(stream.events.at(-1)).toEqual({ event: "reconnect", data: { reason: "server_stopping" } });
    expect([undone, await openStreams(metrics)]).toEqual([[1], 0]);
  });

  test("that cannot be opened ends with an error that says nothing of the inside", async () => {
    const { follow, metrics } = startStreams(() => Promise.reject(new Error("secret")));
    const stream = await follow();
    await stream.closed;
    expect(stream.events).toEqual([
      { event: "error", data: { code: "STREAM_FAILED", detail: "Connect again." } },
    ]);
    expect(await openStreams(metrics)).toBe(0);
  });

  test("whose client goes while it is being opened is undone all the same", async () => {
    const gate = Promise.withResolvers<void>();
    let undone = 0;
    const { follow, metrics } = startStreams(async () => {
      await gate.promise;
      return () => undone++;
    });
    const stream = await follow();
    stream.close();
    await eventually(async () => (await openStreams(metrics)) === 0);
    gate.resolve();
    await eventually(async () => undone === 1);
  });
});

describe("on the wire", () => {
  async function read(response: Response, chunks: number) {
    const reader = response.body?.getReader();
    let text = "";
    for (let i = 0; i < chunks; i++) text += new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    return text;
  }
  const context = () => ({ lifecycle: newLifecycle(), metrics: createMetrics("test") });

  test("begins with a retry time, and each event is its name, id and data", async () => {
    const response = eventStream(context(), (sink) => {
      sink.send({ event: "status", id: 3, data: { to: "open" } });
      return () => undefined;
    });
    expect(response.headers.get("content-type")).toStartWith("text/event-stream");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await read(response, 2)).toBe('retry: 3000\n\nevent: status\nid: 3\ndata: {"to":"open"}\n\n');
  });

  test("beats every fifteen seconds while the client keeps up, and no more once it is over", async () => {
    const beats: (() => void)[] = [];
    const ticking = spyOn(globalThis, "setInterval").mockImplementation(((
      beat: () => void,
      everyMs: number,
    ) => {
      expect(everyMs).toBe(HEARTBEAT_MS);
      beats.push(beat);
      return 0;
    }) as never);
    const response = eventStream(context(), () => () => undefined);
    ticking.mockRestore();
    const reader = response.body?.getReader();
    const next = async () => new TextDecoder().decode((await reader?.read())?.value);
    expect(await next()).toStartWith("retry:");
    beats[0]?.();
    expect(await next()).toMatch(/^event: heartbeat\ndata: \{"at":"[\d-]+T[\d:.]+Z"\}\n\n$/);
    await reader?.cancel();
    expect(() => beats[0]?.()).not.toThrow();
  });

  test("tells a source whose client does not read that it is lagging", async () => {
    let sink: EventSink | undefined;
    const response = eventStream(context(), (given) => {
      sink = given;
      return () => undefined;
    });
    expect(sink?.isLagging()).toBe(false);
    for (let i = 0; i < 20; i++) sink?.send({ event: "news", data: i });
    expect(sink?.isLagging()).toBe(true);
    await response.body?.cancel();
  });
});
