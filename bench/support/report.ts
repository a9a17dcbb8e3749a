// One line for each figure: its name, its value, its bar, and whether it holds.
let missed = 0;

const shown = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

export const say = (line: string) => process.stdout.write(`${line}\n`);

export function atMost(what: string, value: number, bar: number, unit: string): void {
  const holds = value <= bar;
  if (!holds) missed++;
  say(`${holds ? "holds " : "MISSED"}  ${what}: ${shown(value)} ${unit} (at most ${shown(bar)})`);
}

export function atLeast(what: string, value: number, bar: number, unit: string): void {
  const holds = value >= bar;
  if (!holds) missed++;
  say(`${holds ? "holds " : "MISSED"}  ${what}: ${shown(value)} ${unit} (at least ${shown(bar)})`);
}

/** Ends the process; exits with 1 when a figure missed its bar. */
export const conclude = (): never => process.exit(missed === 0 ? 0 : 1);

export function quantile(values: number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
