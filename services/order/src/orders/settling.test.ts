import { expect, test } from "bun:test";
import { AppError, conflict } from "@food/shared/values/errors";
import { onceSettled, settling } from "./settling.ts";

function answering(...failures: Error[]) {
  let calls = 0;
  const run = async () => {
    const failure = failures[calls++];
    if (failure) throw failure;
    return "done";
  };
  return { run, calls: () => calls };
}

test("a report that arrives while the assignment is being stored is repeated until it is stored", async () => {
  const { run } = answering(settling(), settling());
  expect(await onceSettled(run)).toBe("done");
});

test("an assignment that does not settle is refused with 503, and other refusals are thrown at once", async () => {
  const unsettled = answering(...Array.from({ length: 20 }, settling));
  const refusal = await onceSettled(unsettled.run).catch((error) => error);
  expect([refusal instanceof AppError, refusal.status, refusal.code]).toEqual([
    true,
    503,
    "ASSIGNMENT_SETTLING",
  ]);
  const refused = answering(conflict("ILLEGAL_MOVE", "No."));
  await expect(onceSettled(refused.run)).rejects.toThrow("No.");
  expect(refused.calls()).toBe(1);
});
