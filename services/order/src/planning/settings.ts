// The planner's weights. docs/dispatch.md lists measurements of each.
import type { Weights } from "./problem.ts";

const MINUTE_MS = 60_000;

export const WEIGHTS: Weights = {
  targetMs: 40 * MINUTE_MS,
  lateness: 0.1,
  courierTime: 0.05,
  scarcity: 0.3,
  scarceFrom: 2,
  soonMs: 10 * MINUTE_MS,
  uncertainty: 0.6,
  idleness: 0.01,
  idleMaxMs: 30 * MINUTE_MS,
  detourMaxMs: 25 * MINUTE_MS,
  horizonMs: 40 * MINUTE_MS,
  plenty: 1,
};

/** The share of orders that are ready by `readyAt`, and by `readyEarlyAt`. */
export const READY_SHARES = { expected: 0.5, early: 0.05 };
