// bun run build [service …] [--target=bun-linux-arm64] [--sourcemap]: compiles each service, or all, to one binary
// dist/<service>, for this machine unless a target is given. The same sources make the same bytes in any folder.
// Imports services.ts alone, because the Dockerfile copies these two files.

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
      // Without it three packages contain the path of the build folder.
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
    process.stderr.write(`dist/${name} was not built:\n${output}${complaints}`);
    return false;
  }
  // With --sourcemap the binary contains the map, too.
  rmSync(join(root, `dist/${name}.map`), { force: true });
  process.stdout.write(`dist/${name} built in ${Math.round(performance.now() - startedAt)} ms\n`);
  return true;
}

const words = process.argv.slice(2);
const options = words.filter((word) => /^--(target=bun-linux-(amd64|arm64)|sourcemap)$/.test(word));
const asked = words.filter((word) => !options.includes(word));
const unknown = asked.find((name) => !serviceNames.includes(name));
if (unknown !== undefined) {
  const known = `${serviceNames.join(", ")}, --target=bun-linux-amd64, --target=bun-linux-arm64, --sourcemap`;
  process.stderr.write(`Unknown argument ${unknown}: the arguments are ${known}\n`);
  process.exit(2);
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
