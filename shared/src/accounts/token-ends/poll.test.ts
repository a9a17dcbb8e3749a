import { describe, expect, test } from "bun:test";
import { silentLog } from "../../../testing/running-app.ts";
import { cleanUp, eventually } from "../../../testing/service.ts";
import { newTokenEnds } from "../../auth/token-ends.ts";
import { type ReadEnded, startTokenEnds } from "./poll.ts";

const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const session = (sessionId: string, endedAt: string) => ({ sessionId, endedAt, until: at(600) });
const nothing = { items: [], more: false };

function polling(issuers: Record<string, ReadEnded>, everyMs = 2) {
  const tokenEnds = newTokenEnds();
  const poll = startTokenEnds({ tokenEnds, log: silentLog, tokenEndsEveryMs: everyMs }, issuers);
  cleanUp(poll.stop);
  return tokenEnds;
}

describe("startTokenEnds", () => {
  test("first reads all, page by page, and then what has ended since the last read, and a minute more", async () => {
    const asked: (string | undefined)[] = [];
    const pages = [
      { items: [session("one", at(-30))], more: true },
      { items: [session("two", at(-20))], more: true },
      { items: [session("three", at(-10))], more: false },
    ];
    const startedAt = Date.now();
    const ends = polling({
      accounts: async (after) => {
        asked.push(after);
        return pages[asked.length - 1] ?? nothing;
      },
    });
    await eventually(async () => asked.length > 4);
    expect(["one", "two", "three"].filter(ends.has)).toEqual(["one", "two", "three"]);
    expect(asked.slice(0, 3)).toEqual([undefined, pages[0]?.items[0]?.endedAt, pages[1]?.items[0]?.endedAt]);
    for (const after of asked.slice(3))
      expect(Date.parse(after ?? "")).toBeWithin(startedAt - 60_000, Date.now() - 59_999);
  });

  test("does not ask for one page for ever", async () => {
    const endedAt = at(-1);
    let asked = 0;
    const ends = polling(
      { accounts: async () => ({ items: [session(`${++asked}`, endedAt)], more: true }) },
      1e6,
    );
    await eventually(async () => ends.has("2"));
    await Bun.sleep(0);
    expect(asked).toBe(2);
  });

  test("while one issuer does not answer, reads the others, and then all that it has missed", async () => {
    const asked: (string | undefined)[] = [];
    let isAway = false;
    const ends = polling({
      away: async (after) => {
        asked.push(after);
        if (isAway) throw new Error("away");
        return nothing;
      },
      there: async () => ({ items: [session("there", at(0))], more: false }),
    });
    await eventually(async () => asked.length > 1);
    isAway = true;
    const failed = asked.length + 1;
    await eventually(async () => asked.length > failed + 3 && ends.has("there"));
    const [first, ...later] = asked.slice(failed);
    expect(new Set(later.slice(0, 2))).toEqual(new Set([first]));
  });
});
