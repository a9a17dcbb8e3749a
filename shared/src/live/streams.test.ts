import { afterEach, beforeEach, expect, jest, spyOn, test } from "bun:test";
import { newTokenEnds } from "../auth/token-ends.ts";
import { createMetrics } from "../observe/metrics.ts";
import { newLifecycle } from "../process/lifecycle.ts";
import { newStreams, type OpenStream } from "./streams.ts";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function aCrowd(count: number) {
  const streams = newStreams(
    { lifecycle: newLifecycle(), metrics: createMetrics("test") },
    { max: 10_000, maxPerCaller: 10_000 },
  );
  const crowd = Array.from(
    { length: count },
    (): OpenStream => ({ sessionId: undefined, signedOut() {}, callerId: "cus_1", tick() {}, goodbye() {} }),
  );
  for (const stream of crowd) streams.add(stream);
  return { streams, crowd };
}

test("when half of many streams have closed, collects their memory; not after a few streams", () => {
  const collect = spyOn(Bun, "gc").mockImplementation(() => 0);
  const few = aCrowd(999);
  const many = aCrowd(1_000);
  for (const stream of few.crowd) few.streams.remove(stream);
  for (const stream of many.crowd.slice(0, 499)) many.streams.remove(stream);
  jest.advanceTimersByTime(1_200);
  expect(collect).not.toHaveBeenCalled();
  for (const stream of many.crowd) many.streams.remove(stream);
  jest.advanceTimersByTime(1_200);
  expect(collect).toHaveBeenCalledTimes(1);
  collect.mockRestore();
});

test("when a session ends, ends its streams and no others, and takes no new one of it", () => {
  const tokenEnds = newTokenEnds();
  const streams = newStreams(
    { lifecycle: newLifecycle(), metrics: createMetrics("test"), tokenEnds },
    { max: 10, maxPerCaller: 10 },
  );
  const signedOut: string[] = [];
  const streamOf = (sessionId: string | undefined): OpenStream => ({
    ...{ sessionId, callerId: "cus_1", tick() {}, goodbye() {} },
    signedOut: () => signedOut.push(sessionId ?? "none"),
  });
  for (const sessionId of ["one", "two", "one", undefined]) streams.add(streamOf(sessionId));
  tokenEnds.add([{ sessionId: "one", until: Date.now() + 60_000 }]);
  expect(signedOut).toEqual(["one", "one"]);
  expect(() => streams.add(streamOf("one"))).toThrow(expect.objectContaining({ status: 401 }));
  streams.add(streamOf("two"));
});
