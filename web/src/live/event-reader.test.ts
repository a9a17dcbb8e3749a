import { describe, expect, test } from "bun:test";
import { EventReader } from "./event-reader.ts";

const STREAM =
  'retry: 2500\n\nevent: status\nid: 4\ndata: {"status":"ready"}\n\n: comment\n\ndata: {"a":\ndata: 1}\n\n';
const EVENTS = [
  { event: "status", data: { status: "ready" } },
  { event: "message", data: { a: 1 } },
];

describe("the event reader", () => {
  test("reads events, the last id and the retry time", () => {
    const reader = new EventReader();
    expect(reader.read(STREAM)).toEqual(EVENTS);
    expect([reader.lastEventId, reader.retryMs]).toEqual(["4", 2500]);
  });

  test.each(["\n", "\r\n", "\r"])("reads the same from pieces of one character, with %j line ends", (end) => {
    const reader = new EventReader();
    // A last comment, because a CR alone is complete only when something follows.
    const text = `${STREAM.replaceAll("\n", end)}:`;
    expect([...text].flatMap((sign) => reader.read(sign))).toEqual(EVENTS);
  });

  test("keeps an incomplete event for later", () => {
    const reader = new EventReader();
    expect(reader.read('event: a\ndata: {"n":1}\n')).toEqual([]);
    expect(reader.read("\n")).toEqual([{ event: "a", data: { n: 1 } }]);
  });

  test("keeps the last id over events without one", () => {
    const reader = new EventReader();
    reader.read("id: 7\ndata: 1\n\ndata: 2\n\n");
    expect(reader.lastEventId).toBe("7");
  });
});
