// Loops that a request wakes, and other work that outlives a request, run outside its scope.
import { afterAll, describe, expect, test } from "bun:test";
import { silentLog } from "../../testing/running-app.ts";
import { eventually } from "../../testing/tools.ts";
import { currentScope, runInScope, scopeOf } from "../observe/request-scope.ts";
import { batchLoader } from "./batch-loader.ts";
import { freshFlights, singleFlight } from "./single-flight.ts";
import { startTicker, type Ticker } from "./ticker.ts";
import { workerPool } from "./worker-pool.ts";

const RARELY_MS = 1_000_000;

/** A request that has ended when this returns. */
const inRequest = <T>(run: () => T, id = "ended") => {
  const scope = scopeOf(new Headers({ "x-request-id": id }), () => "10.0.0.1", performance.now());
  return runInScope(scope, run);
};

describe("outside the request's scope runs", () => {
  const loops: Ticker[] = [];
  afterAll(() => Promise.all(loops.map((loop) => loop.stop())));

  const kinds: [string, (look: () => void) => Ticker][] = [
    ["a ticker", (look) => startTicker("test", RARELY_MS, silentLog, async () => look())],
    [
      "a worker pool",
      (look) =>
        workerPool("test", { atOnce: 2, everyMs: RARELY_MS, log: silentLog }, async () => {
          look();
          return false;
        }),
    ],
  ];

  test.each(kinds)("%s that it wakes", async (_, start) => {
    const seen: unknown[] = [];
    const loop = start(() => seen.push(currentScope()));
    loops.push(loop);
    await eventually(async () => seen.length === 1);
    inRequest(loop.wake);
    await eventually(async () => seen.length === 2);
    expect(seen).toEqual([undefined, undefined]);
  });

  test.each(kinds)("%s that it starts", async (_, start) => {
    const seen: unknown[] = [];
    loops.push(inRequest(() => start(() => seen.push(currentScope()))));
    await eventually(async () => seen.length === 1);
    expect(seen).toEqual([undefined]);
  });

  test("a worker that another worker wakes", async () => {
    const seen: unknown[] = [];
    let left = 0;
    const pool = workerPool(
      "test",
      { atOnce: 2, everyMs: RARELY_MS, log: silentLog },
      async (wakeAnother) => {
        if (left === 0) return false;
        left--;
        wakeAnother();
        seen.push(currentScope());
        return true;
      },
    );
    loops.push(pool);
    left = 4;
    inRequest(pool.wake);
    await eventually(async () => left === 0);
    expect(seen).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("a batch that several requests share", async () => {
    const seen: unknown[] = [];
    const ask = batchLoader(async (keys: readonly string[]) => {
      seen.push(currentScope());
      return [...keys];
    });
    await Promise.all([inRequest(() => ask("a"), "a"), inRequest(() => ask("b"), "b")]);
    expect(seen).toEqual([undefined]);
  });
});

describe("the deadline of the first caller does not limit", () => {
  const seeing = () => {
    const { requestId, deadlineAt } = currentScope() ?? {};
    return Promise.resolve(`${requestId} ${deadlineAt}`);
  };

  test("a single flight", async () => {
    const once = singleFlight<string>();
    const [first, second] = ["a", "b"].map((id) => inRequest(() => once("key", seeing), id));
    expect(await Promise.all([first, second])).toEqual(["a Infinity", "a Infinity"]);
  });

  test("fresh flights, neither the first nor the next", async () => {
    const fresh = freshFlights<string>();
    const begun = Promise.withResolvers<void>();
    const begin = async () => {
      begun.resolve();
      return seeing();
    };
    const first = inRequest(() => fresh("key", begin), "a");
    await begun.promise;
    const next = ["b", "c"].map((id) => inRequest(() => fresh("key", seeing), id));
    expect(await Promise.all([first, ...next])).toEqual(["a Infinity", "b Infinity", "b Infinity"]);
  });
});
