// bun run bench [NAME...]: runs bench/NAME.ts for each name, or all benchmarks, one after the other. Exits with 1 when a
// figure missed its bar.
import { basename, join } from "node:path";
import { exitWith, orExit, readFlags, UsageError } from "../tools/command-line.ts";

const every = [...new Bun.Glob("*.ts").scanSync(import.meta.dir)]
  .map((file) => basename(file, ".ts"))
  .filter((name) => name !== "main" && !name.endsWith(".test"))
  .sort();
const { names: asked } = orExit(() => readFlags(Bun.argv.slice(2), {}, { takesNames: true }));
const names = asked.length > 0 ? asked : every;
const unknown = names.find((name) => !every.includes(name));
if (unknown) exitWith(new UsageError(`No benchmark ${unknown}: the benchmarks are ${every.join(", ")}`));

let missed = 0;
for (const name of names) {
  process.stdout.write(`\n== ${name}\n`);
  const run = Bun.spawn([process.execPath, join(import.meta.dir, `${name}.ts`)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if ((await run.exited) !== 0) missed++;
}
process.exit(missed === 0 ? 0 : 1);
