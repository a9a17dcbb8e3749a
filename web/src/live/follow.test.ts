import { describe, expect, test } from "bun:test";
import { type FollowOptions, Refused, type StreamEvent } from "@food/client";
import { follow } from "./follow.ts";

type Part = StreamEvent | Error | "up" | "online";
const event = (name: string, id?: string): StreamEvent => ({ event: name, ...(id && { id }), data: {} });

/** Follows streams that tell this one after another, until each was read. */
async function following(...streams: Part[][]) {
  const asked: (string | undefined)[] = [];
  const events: string[] = [];
  const link: boolean[] = [];
  const over = Promise.withResolvers<void>();
  async function* open({ lastEventId, signal, onLink }: FollowOptions) {
    asked.push(lastEventId);
    const parts = streams.shift();
    if (streams.length === 0) over.resolve();
    for (const part of parts ?? []) {
      if (part === "online") dispatchEvent(new Event("online"));
      if (signal?.aborted) return;
      if (part === "up") onLink?.(true);
      if (part instanceof Error) throw part;
      if (typeof part === "object") yield part;
    }
  }
  const onEvent = ({ event }: StreamEvent) => {
    events.push(event);
    return event === "gap" ? "again" : undefined;
  };
  const stop = follow({ open, onEvent, onLink: (isUp) => link.push(isUp) });
  await over.promise;
  // Whether it goes on shows after its last step.
  await new Promise(setImmediate);
  stop();
  return { asked, events, link };
}

describe("following a stream", () => {
  test("goes on after the last event that it had, and says that the link was lost", async () => {
    const { asked, events, link } = await following(
      ["up", event("snapshot", "3"), new Error("away")],
      [new Refused(503, {})],
      ["up", event("status", "4")],
    );
    expect([asked, events]).toEqual([
      [undefined, "3", "3"],
      ["snapshot", "status"],
    ]);
    expect(link).toEqual([true, false, false, true]);
  });

  test("connects again when an event asks for it, and drops what the old connection still had", async () => {
    const { asked, events, link } = await following(
      [event("gap", "9"), event("changes")],
      [event("snapshot")],
    );
    expect([asked, events, link]).toEqual([[undefined, undefined], ["gap", "snapshot"], []]);
  });

  test("connects again at once when the device is online again", async () => {
    const { asked } = await following([event("snapshot", "3"), "online"], [event("status", "4")]);
    expect(asked).toEqual([undefined, "3"]);
  });

  test.each([401, 403, 404])("stops for good on %d", async (status) => {
    const { asked, link } = await following([new Refused(status, {})]);
    expect([asked, link]).toEqual([[undefined], []]);
  });

  test("stops for good when the stream has said its last event", async () => {
    const { asked, link } = await following(["up", event("end")]);
    expect([asked, link]).toEqual([[undefined], [true]]);
  });
});
