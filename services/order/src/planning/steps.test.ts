import { expect, test } from "bun:test";
import { finish, inSlices } from "./steps.ts";

function* steps(count: number): Generator<void, string> {
  for (let step = 0; step < count; step++) yield;
  return "done";
}

test("finish runs all steps and returns the result", () => {
  expect(finish(steps(5))).toBe("done");
});

test("inSlices pauses after each slice", async () => {
  let elapsed = 0;
  let pauses = 0;
  const result = await inSlices(steps(10), {
    sliceMs: 3,
    elapsedMs: () => elapsed++,
    pause: async () => {
      pauses++;
    },
  });
  expect(result).toBe("done");
  expect(pauses).toBe(3);
});
