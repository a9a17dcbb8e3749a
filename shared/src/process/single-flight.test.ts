import { describe, expect, test } from "bun:test";
import { freshFlight, freshFlights, singleFlight } from "./single-flight.ts";

test("calls during a run share its result", async () => {
  const once = singleFlight<number>();
  const gate = Promise.withResolvers<number>();
  let runs = 0;
  const ask = () =>
    once("key", () => {
      runs++;
      return gate.promise;
    });
  const asked = Array.from({ length: 50 }, ask);
  gate.resolve(7);
  expect(await Promise.all(asked)).toEqual(Array(50).fill(7));
  expect(runs).toBe(1);
});

test("another key runs by itself", async () => {
  const once = singleFlight<string>();
  expect(await Promise.all([once("a", async () => "a"), once("b", async () => "b")])).toEqual(["a", "b"]);
});

test("a failure reaches all waiting calls and no later call", async () => {
  const once = singleFlight<string>();
  const failing = () => once("key", () => Promise.reject(new Error("no")));
  const results = await Promise.allSettled([failing(), failing()]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await once("key", async () => "again")).toBe("again");
});

const settled = () => new Promise(setImmediate);

describe("a fresh flight", () => {
  /** Runs that the test ends. */
  function controlledRuns() {
    const runs: PromiseWithResolvers<void>[] = [];
    const ask = freshFlight(() => {
      const run = Promise.withResolvers<void>();
      runs.push(run);
      return run.promise;
    });
    return { runs, ask };
  }

  test("when calls arrive during a run, shares the next run among them, which begins after the current one", async () => {
    const { runs, ask } = controlledRuns();
    const first = ask();
    const later = [ask(), ask(), ask()];
    await settled();
    expect(runs).toHaveLength(1);
    runs[0]?.resolve();
    await first;
    const latest = ask();
    await settled();
    expect(runs).toHaveLength(2);
    runs[1]?.resolve();
    await Promise.all(later);
    await settled();
    runs[2]?.resolve();
    await latest;
    expect(runs.length).toBeWithin(2, 4);
  });

  test("never runs twice at once", async () => {
    let running = 0;
    let most = 0;
    const ask = freshFlight(async () => {
      most = Math.max(most, ++running);
      await Bun.sleep(Math.random() < 0.5 ? 0 : 1);
      running--;
    });
    await Promise.all(
      Array.from({ length: 200 }, async () => {
        for (let hop = Math.floor(Math.random() * 12); hop > 0; hop--) await Promise.resolve();
        await ask();
        await ask();
      }),
    );
    expect(most).toBe(1);
  });

  test("runs again after a failure", async () => {
    const { runs, ask } = controlledRuns();
    const first = ask();
    await settled();
    const second = ask();
    runs[0]?.reject(new Error("no"));
    await expect(first).rejects.toThrow("no");
    await settled();
    runs[1]?.resolve();
    await second;
  });
});

describe("a fresh flight of a key", () => {
  test("is shared by all calls of the turn before it or during the previous run, and no others", async () => {
    const next = freshFlights<number>();
    const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
    let begun = 0;
    const ask = () =>
      next("key", async () => {
        const flight = begun++;
        await gates[flight]?.promise;
        return flight;
      });
    const asked = [ask(), ask()];
    expect(begun).toBe(0);
    await settled();
    expect(begun).toBe(1);
    asked.push(ask(), ask());
    gates[0]?.resolve();
    await asked[0];
    await Bun.sleep(0);
    expect(begun).toBe(2);
    asked.push(ask(), ask());
    for (const gate of gates) gate.resolve();
    expect(await Promise.all(asked)).toEqual([0, 0, 1, 1, 2, 2]);
    await Bun.sleep(0);
    expect(await ask()).toBe(3);
  });

  test("runs also after a failure", async () => {
    const next = freshFlights<string>();
    const failing = next("key", async () => {
      await Bun.sleep(0);
      throw new Error("no");
    });
    await settled();
    const results = await Promise.allSettled([failing, next("key", async () => "yes")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  test("does not wait for another key", async () => {
    const next = freshFlights<string>();
    void next("a", () => new Promise(() => {}));
    expect(await next("b", async () => "b")).toBe("b");
  });
});
