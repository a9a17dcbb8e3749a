import { expect, test } from "bun:test";
import { adaptiveBulkhead, NoTurn } from "./adaptive-bulkhead.ts";

const BOUNDS = { least: 4, most: 64, waitingMax: 64 };
const LONG_MS = 60_000;

/** Calls that the test ends. */
function callsOf({ run }: Pick<ReturnType<typeof adaptiveBulkhead>, "run">, slowMs = LONG_MS) {
  const begun: PromiseWithResolvers<void>[] = [];
  const call = () => {
    const ending = Promise.withResolvers<void>();
    begun.push(ending);
    return ending.promise;
  };
  const start = (waitMs = LONG_MS) => run(call, slowMs, waitMs).catch((error: unknown) => error);
  return { begun, start };
}

test("as many calls as allowed run at once, some wait their turn, and the others have none", async () => {
  const { begun, start } = callsOf(adaptiveBulkhead({ ...BOUNDS, most: 8, waitingMax: 2 }));
  const calls = Array.from({ length: 11 }, () => start());
  expect(await calls[10]).toBeInstanceOf(NoTurn);
  expect(begun).toHaveLength(8);
  for (const turn of [0, 1]) begun[turn]?.resolve();
  await Promise.all(calls.slice(0, 2));
  expect(begun).toHaveLength(10);
  for (const { resolve } of begun) resolve();
  expect(await Promise.all(calls.slice(0, 10))).toEqual(Array(10).fill(undefined));
});

test("a call that has waited too long leaves its place to another, and never runs", async () => {
  const { begun, start } = callsOf(adaptiveBulkhead({ ...BOUNDS, most: 4, waitingMax: 1 }));
  const running = Array.from({ length: 4 }, () => start());
  expect(await start(1)).toBeInstanceOf(NoTurn);
  const next = start();
  begun[0]?.resolve();
  await running[0];
  expect(begun).toHaveLength(5);
  for (const { resolve } of begun) resolve();
  for (const ended of [...running, next]) expect(await ended).toBeUndefined();
  expect(begun).toHaveLength(5);
});

test("slow calls make it narrower once for all that ran together, and never narrower than its least", async () => {
  const bulkhead = adaptiveBulkhead(BOUNDS);
  const limits: number[] = [];
  for (let round = 0; round < 20; round++) {
    const { begun, start } = callsOf(bulkhead, 0);
    const calls = Array.from({ length: 4 }, () => start());
    for (const { resolve } of begun) resolve();
    await Promise.all(calls);
    limits.push(bulkhead.limit());
  }
  expect([limits[0], limits[1], limits.at(-1)]).toEqual([44, 31, 4]);
});

test("fast calls make it wider again, and failed ones do not", async () => {
  const bulkhead = adaptiveBulkhead({ ...BOUNDS, most: 8 });
  for (let i = 0; i < 10; i++) await bulkhead.run(async () => undefined, -1, LONG_MS);
  expect(bulkhead.limit()).toBe(4);
  const failing = async () => {
    throw new Error("refused");
  };
  for (let i = 0; i < 100; i++) await bulkhead.run(failing, LONG_MS, LONG_MS).catch(() => undefined);
  expect(bulkhead.limit()).toBe(4);
  for (let i = 0; i < 100; i++) await bulkhead.run(async () => undefined, LONG_MS, LONG_MS);
  expect(bulkhead.limit()).toBe(8);
});
