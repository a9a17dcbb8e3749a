import type { Weights } from "./problem.ts";

const MINUTE_MS = 60_000;

/** Each with its measured effect in docs/dispatch.md. */
export const WEIGHTS: Weights = {
  targetMs: 40 * MINUTE_MS,
  lateness: 0.5,
  courierTime: 0.2,
  idleness: 0,
  detourMaxMs: 15 * MINUTE_MS,
  horizonMs: 40 * MINUTE_MS,
  plenty: 1e9,
};
