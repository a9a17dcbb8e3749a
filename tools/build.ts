// bun run build [service …] [--target=bun-linux-arm64] [--sourcemap]: compiles each service, all without a name, to one
// binary dist/<service>, for this machine without a target. The same sources make the same bytes, wherever they lie.

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { serviceNames } from "./services.ts";

const root = join(import.meta.dir, "..");
const atOnce = 2;

async function build(name: string): Promise<boolean> {
  const startedAt = performance.now();
  const compiler = Bun.spawn(
    [
      ...[process.execPath, "build", `services/${name}/src/main.ts`, "--outfile", `dist/${name}`],
      ...["--compile", "--bytecode", "--format=esm", "--minify-whitespace", "--minify-syntax"],
      ...["--define", `process.env.NODE_ENV="production"`],
      ...["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"],
      // Else three packages carry the name of the folder that they were built in.
      ...["--define", `__dirname="/$bunfs/root"`],
      ...options,
    ],
    { cwd: root, stdout: "pipe", stderr: "pipe" },
  );
  const [output, complaints] = await Promise.all([
    new Response(compiler.stdout).text(),
    new Response(compiler.stderr).text(),
  ]);
  if ((await compiler.exited) !== 0) {
    process.stderr.write(`dist/${name} could not be built:\n${output}${complaints}`);
    return false;
  }
  // With --sourcemap the binary has it inside, too.
  rmSync(join(root, `dist/${name}.map`), { force: true });
  process.stdout.write(`dist/${name} built in ${Math.round(performance.now() - startedAt)} ms\n`);
  return true;
}

const words = process.argv.slice(2);
const options = words.filter((word) => /^--(target=bun-linux-(amd64|arm64)|sourcemap)$/.test(word));
const asked = words.filter((word) => !options.includes(word));
const unknown = asked.find((name) => !serviceNames.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no service ${unknown}: ${serviceNames.join(", ")}\n`);
  process.exit(1);
}

mkdirSync(join(root, "dist"), { recursive: true });
const queue = asked.length > 0 ? asked : [...serviceNames];
let failed = false;
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (!(await build(name))) failed = true;
    }
  }),
);
process.exit(failed ? 1 : 0);
