// What a person wants to know of the runs: what was done to the system, how much was checked, and the verdict.
import { LARGE, type Verdict } from "./run.ts";

const listed = (counts: Map<string, number>) =>
  [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "nothing";

function addTo(sum: Map<string, number>, counts: Map<string, number>) {
  for (const [name, count] of counts) sum.set(name, (sum.get(name) ?? 0) + count);
}

/** One line for a good seed; for a bad one everything that helps to find out why. */
export function describeVerdict(verdict: Verdict): string {
  const { seed, size, violations, orders, settledAfterMs, trouble, journal } = verdict;
  const settled = (settledAfterMs / 1_000).toFixed(1);
  const line = `seed ${seed}: ${orders} orders, ${listed(trouble)}; at rest ${settled} s after: `;
  if (violations.length === 0) return `${line}all holds`;
  const found = violations.map((violation) => `  ${violation}`).join("\n");
  const again = `  again: SEED=${seed} bun run prove${size === LARGE ? " --size large" : ""}`;
  return `${line}${violations.length} VIOLATIONS\n${found}\n${journal.map((what) => `  ${what}`).join("\n")}\n${again}`;
}

export function summary() {
  const trouble = new Map<string, number>();
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
      addTo(trouble, verdict.trouble);
      addTo(ends, verdict.byStatus);
      return describeVerdict(verdict);
    },
    text: () =>
      [
        "",
        `${seeds} seeds; done to the system: ${listed(trouble)}`,
        `${calls} calls by clients, of ${unknown} the outcome stayed unknown to them; orders: ${listed(ends)}`,
        `${checked} pictures of orders that clients were shown were compared with what is stored`,
        `at rest at the latest ${(slowestMs / 1_000).toFixed(1)} s after the trouble`,
        ends.has("delivered") ? "" : "NOTHING WAS DELIVERED: this proves nothing",
        violations === 0 ? "0 violations" : `${violations} VIOLATIONS, with the seeds ${bad.join(", ")}`,
      ].join("\n"),
  };
}
