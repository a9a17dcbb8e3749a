// bun run bench [NAME...]: runs bench/NAME.ts for each name, or every benchmark, one after the other. Exits with 1 when
// a bar was missed.
import { basename, join } from "node:path";

const every = [...new Bun.Glob("*.ts").scanSync(import.meta.dir)]
  .map((file) => basename(file, ".ts"))
  .filter((name) => name !== "main" && !name.endsWith(".test"))
  .sort();
const names = Bun.argv.length > 2 ? Bun.argv.slice(2) : every;
const unknown = names.filter((name) => !every.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark ${unknown.join(", ")}; there are ${every.join(", ")}\n`);
  process.exit(2);
}

let missed = 0;
for (const name of names) {
  process.stdout.write(`\n== ${name}\n`);
  const run = Bun.spawn([process.execPath, join(import.meta.dir, `${name}.ts`)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if ((await run.exited) !== 0) missed++;
}
process.exit(missed === 0 ? 0 : 1);
