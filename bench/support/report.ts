// One line a figure: what was measured, what it should be, and whether it is.
let missed = 0;

const shown = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

export const say = (line: string) => process.stdout.write(`${line}\n`);

/** A figure that has to be at most this. */
export function atMost(what: string, value: number, bar: number, unit: string): void {
  const holds = value <= bar;
  if (!holds) missed++;
  say(`${holds ? "holds " : "MISSED"}  ${what}: ${shown(value)} ${unit} (at most ${shown(bar)})`);
}

/** A figure that has to be at least this. */
export function atLeast(what: string, value: number, bar: number, unit: string): void {
  const holds = value >= bar;
  if (!holds) missed++;
  say(`${holds ? "holds " : "MISSED"}  ${what}: ${shown(value)} ${unit} (at least ${shown(bar)})`);
}

/** Ends the process, with 1 when a bar was missed. */
export const conclude = (): never => process.exit(missed === 0 ? 0 : 1);

export function quantile(values: number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
