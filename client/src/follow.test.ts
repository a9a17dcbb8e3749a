import { describe, expect, test } from "bun:test";
import type { FollowOptions } from "./follow.ts";
import { answers, connected, refusal, seen, useService } from "./service.builder.ts";

useService();

const PATH = "/v1/orders/{orderId}/events";
const RETRY = "retry: 1\n\n";
const frame = (event: string, data: object = {}, id?: number) =>
  `event: ${event}\n${id === undefined ? "" : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
const FINAL = frame("end", { reason: "final", status: "delivered" });

const encoded = (text: string) => new TextEncoder().encode(text);

/** A body in these chunks. */
const stream = (chunks: string[]) =>
  new Response(
    async function* () {
      for (const chunk of chunks) yield encoded(chunk);
    } as unknown as ReadableStream,
    { headers: { "content-type": "text/event-stream" } },
  );
/** A connection that breaks after this text. */
const broken = (text: string) => {
  const chunks = [encoded(text)];
  const pull = (controller: ReadableStreamDefaultController) => {
    const chunk = chunks.shift();
    if (chunk) controller.enqueue(chunk);
    else controller.error(new TypeError("cut"));
  };
  return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
};

async function followed(options: FollowOptions = {}, connection = connected()) {
  const events: string[] = [];
  for await (const { event, id } of connection.follow("order", PATH, {
    params: { orderId: "ord_1" },
    ...options,
  }))
    events.push(id ? `${event} ${id}` : event);
  return events;
}
const resumedFrom = () => seen.map(({ headers }) => headers.get("last-event-id"));

describe("a stream", () => {
  test("continues after a cut with the last event that arrived whole", async () => {
    const [second, third] = [frame("status", {}, 2), frame("status", {}, 3)];
    answers(() => (seen.length === 1 ? stream([second, third.slice(0, -4)]) : stream([third, FINAL])));
    let tries = 0;
    const connection = connected({
      fetch: async (request) =>
        ++tries === 1 ? broken(RETRY + frame("snapshot", {}, 1) + second.slice(0, 9)) : fetch(request),
    });
    expect(await followed({}, connection)).toEqual(["snapshot 1", "status 2", "status 3", "end"]);
    expect(resumedFrom()).toEqual(["1", "2"]);
    expect(seen[0]?.route).toBe("GET /v1/orders/ord_1/events");
  });

  test("goes on after what ends a connection alone, and does not show it", async () => {
    const own = [
      frame("heartbeat"),
      frame("reconnect"),
      frame("error"),
      frame("end", { reason: "too_slow" }),
    ];
    answers(() => (seen.length === 1 ? stream([RETRY, ...own]) : stream([FINAL])));
    expect(await followed()).toEqual(["end"]);
  });

  test("tells of each sign of life and of each loss, and not of a token that is renewed", async () => {
    const expired = frame("end", { reason: "token_expired" });
    const bodies = [[frame("heartbeat"), expired], [RETRY], [FINAL]];
    answers(() => stream(bodies[seen.length - 1] ?? []));
    const link: boolean[] = [];
    await followed({ onLink: (isUp) => link.push(isUp) });
    expect(link).toEqual([true, true, true, false, true]);
  });

  test("goes on when nothing arrives for a while", async () => {
    const silent = () => new Response(new ReadableStream({ start: (to) => to.enqueue(encoded(RETRY)) }));
    let tries = 0;
    const connection = connected({
      fetch: async (request) => (++tries === 1 ? silent() : fetch(request)),
    });
    answers(() => stream([FINAL]));
    expect(await followed({ silentMs: 500 }, connection)).toEqual(["end"]);
    expect(tries).toBe(2);
  });

  test("whose session has ended is refused", async () => {
    answers(({ route }) => {
      if (route.endsWith("/refresh")) return refusal(401, "INVALID_REFRESH_TOKEN");
      return seen.length === 1
        ? stream([RETRY, frame("end", { reason: "signed_out" })])
        : refusal(401, "INVALID_TOKEN");
    });
    await expect(followed()).rejects.toMatchObject({ status: 401, code: "INVALID_TOKEN" });
  });

  test("reads events in any chunks, with any line ends", async () => {
    const text = `: comment\r\nevent: status\r\nid: 4\r\ndata: {"note":\r\ndata: "ü"}\r\n\r\n${FINAL}`;
    answers(() => stream([...text]));
    expect(await followed()).toEqual(["status 4", "end"]);
  });

  test("ends with 204 when there is nothing after the given event", async () => {
    answers(() => new Response(null, { status: 204 }));
    expect(await followed({ lastEventId: "7" })).toEqual([]);
    expect(resumedFrom()).toEqual(["7"]);
  });

  test("ends when its caller aborts, or stops reading", async () => {
    answers(() => stream([RETRY, frame("snapshot", {}, 1)]));
    const abort = new AbortController();
    const events: string[] = [];
    const params = { orderId: "ord_1" };
    for await (const { event } of connected().follow("order", PATH, { params, signal: abort.signal })) {
      events.push(event);
      abort.abort();
    }
    for await (const { event } of connected().follow("order", PATH, { params })) {
      events.push(event);
      break;
    }
    expect([events, seen.length]).toEqual([["snapshot", "snapshot"], 2]);
  });

  test("throws a refusal", async () => {
    answers(() => refusal(404, "ORDER_NOT_FOUND"));
    await expect(followed()).rejects.toMatchObject({ name: "Refused", status: 404, code: "ORDER_NOT_FOUND" });
  });

  test("gives up after some connections without an event", async () => {
    answers(() => stream([RETRY]));
    await expect(followed({}, connected({ triesMax: 3 }))).rejects.toThrow("ended 3 times without an event");
    expect(seen).toHaveLength(3);
  });
});
