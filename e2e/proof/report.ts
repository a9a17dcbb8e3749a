// The report of the runs: the injected faults, the amount of checks, and the violations.
import { LARGE, type Verdict } from "./run.ts";

const listed = (counts: Map<string, number>) =>
  [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "nothing";

function addTo(sum: Map<string, number>, counts: Map<string, number>) {
  for (const [name, count] of counts) sum.set(name, (sum.get(name) ?? 0) + count);
}

/** One line for a seed without violations; otherwise also the violations, the faults and the command to repeat it. */
export function describeVerdict(verdict: Verdict): string {
  const { seed, size, violations, orders, settledAfterMs, faults, journal } = verdict;
  const settled = (settledAfterMs / 1_000).toFixed(1);
  const line = `seed ${seed}: ${orders} orders, ${listed(faults)}; settled after ${settled} s: `;
  if (violations.length === 0) return `${line}0 violations`;
  const found = violations.map((violation) => `  ${violation}`).join("\n");
  const again = `  again: SEED=${seed} bun run prove${size === LARGE ? " --size large" : ""}`;
  return `${line}${violations.length} VIOLATIONS\n${found}\n${journal.map((what) => `  ${what}`).join("\n")}\n${again}`;
}

export function summary() {
  const faults = new Map<string, number>();
  const ends = new Map<string, number>();
  const bad: number[] = [];
  let seeds = 0;
  let violations = 0;
  let calls = 0;
  let unknown = 0;
  let checked = 0;
  let slowestMs = 0;

  return {
    seeds: () => seeds,
    violations: () => violations,
    delivered: () => ends.get("delivered") ?? 0,
    add(verdict: Verdict): string {
      seeds++;
      violations += verdict.violations.length;
      if (verdict.violations.length > 0) bad.push(verdict.seed);
      calls += verdict.calls.ok + verdict.calls.refused + verdict.calls.unknown;
      unknown += verdict.calls.unknown;
      checked += verdict.sightings + verdict.streamEvents;
      slowestMs = Math.max(slowestMs, verdict.settledAfterMs);
      addTo(faults, verdict.faults);
      addTo(ends, verdict.byStatus);
      return describeVerdict(verdict);
    },
    text: () =>
      [
        "",
        `${seeds} seeds; faults: ${listed(faults)}`,
        `${calls} calls by clients, ${unknown} with an unknown outcome; orders: ${listed(ends)}`,
        `${checked} states of orders that clients saw were compared with the stored ones`,
        `settled at most ${(slowestMs / 1_000).toFixed(1)} s after the faults`,
        ends.has("delivered") ? "" : "NO ORDER WAS DELIVERED: the run proves nothing",
        violations === 0 ? "0 violations" : `${violations} VIOLATIONS, with the seeds ${bad.join(", ")}`,
      ].join("\n"),
  };
}
