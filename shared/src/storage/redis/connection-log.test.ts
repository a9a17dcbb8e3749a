import { afterEach, expect, setSystemTime, test } from "bun:test";
import type { Log } from "../../observe/log.ts";
import { connectionLog } from "./connection-log.ts";

afterEach(() => void setSystemTime());

test("an outage is one line, and one more for another cause that lasts", () => {
  const lines: unknown[] = [];
  const warn = ({ advice }: { advice: string }) => lines.push(advice);
  const link = connectionLog(
    { warn, info: (_: object, text: string) => lines.push(text) } as unknown as Log,
    "",
  );
  const failAfter = (ms: number, message: string) => {
    setSystemTime(Date.now() + ms);
    link.failed(new Error(message));
  };
  const start = "start Redis there, or correct REDIS_URL";
  for (const ms of [0, 1_000, 20_000]) failAfter(ms, "Command timed out");
  expect(lines).toEqual([start]);
  failAfter(1_000, "WRONGPASS");
  failAfter(1_000, "connect ECONNREFUSED");
  failAfter(4_500, "WRONGPASS");
  expect(lines).toEqual([start]);
  for (const ms of [2_500, 2_500, 6_000]) {
    failAfter(ms, "All sentinels are unreachable. Retrying from scratch after 50ms.");
    failAfter(0, "WRONGPASS");
  }
  expect(lines).toEqual([start, "correct user and password in REDIS_URL"]);
  link.ready();
  failAfter(0, "connect ECONNREFUSED");
  expect(lines.slice(2)).toEqual(["Redis answers again", start]);
});
