import { describe, expect, test } from "bun:test";
import { backOffMs, follow } from "./follow.ts";

/** Follows streams with these answers, until the last of them. */
function following(answers: (Response | Error)[]) {
  const asked: (string | undefined)[] = [];
  const events: string[] = [];
  const link: boolean[] = [];
  const waits: number[] = [];
  const over = Promise.withResolvers<void>();
  const stop = follow({
    async open(lastEventId) {
      asked.push(lastEventId);
      const answer = answers.shift();
      if (answers.length === 0) over.resolve();
      if (answer === undefined) return new Response(null, { status: 204 });
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onEvent({ event }) {
      events.push(event);
      return event === "gap" ? "again" : undefined;
    },
    onLink: (isUp) => link.push(isUp),
    wait: async (ms) => void waits.push(ms),
  });
  return { asked, events, link, waits, stop, over: over.promise };
}
const answer = (text: string) => new Response(text);
const gone = () => new Response(null, { status: 204 });

describe("following a stream", () => {
  test("connects again after the last event that it had, and says that the link was lost", async () => {
    const { asked, events, link, over } = following([
      answer("event: snapshot\nid: 3\ndata: {}\n\n"),
      new Error("away"),
      answer("event: status\nid: 4\ndata: {}\n\n"),
      gone(),
    ]);
    await over;
    expect(asked).toEqual([undefined, "3", "3", "4"]);
    expect(events).toEqual(["snapshot", "status"]);
    expect(link).toEqual([true, false, false, true, false]);
  });

  test("connects again when an event asks for it, and drops what the old connection still had", async () => {
    const { asked, events, over } = following([
      answer("event: gap\nid: 9\ndata: {}\n\nevent: changes\ndata: {}\n\n"),
      answer("event: snapshot\ndata: {}\n\n"),
      gone(),
    ]);
    await over;
    expect(asked).toHaveLength(3);
    expect(events).toEqual(["gap", "snapshot"]);
  });

  test.each([204, 401, 403, 404])("stops for good on %d", async (status) => {
    const { asked, waits, over } = following([new Response(null, { status }), gone()].slice(0, 1));
    await over;
    expect([asked.length, waits.length]).toEqual([1, 0]);
  });

  test("stops for good after the last event of an order, and connects again after an expired token", async () => {
    const { asked, over } = following([
      answer('event: end\ndata: {"reason":"token_expired"}\n\n'),
      answer('event: end\ndata: {"reason":"final"}\n\n'),
    ]);
    await over;
    expect(asked).toHaveLength(2);
  });

  test("waits longer after each failure, up to a bound, and short again after an event", async () => {
    expect([0, 1, 2, 9].map((failures) => backOffMs(failures, 1))).toEqual([500, 1000, 2000, 15_000]);
    expect(backOffMs(0, 0)).toBe(250);
    const { waits, over } = following([new Error("a"), new Error("b"), answer("data: 1\n\n"), gone()]);
    await over;
    expect(waits[2]).toBeLessThanOrEqual(500);
    expect(waits[1]).toBeGreaterThanOrEqual(500);
  });
});
