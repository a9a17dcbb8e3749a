// Plays a Dockerfile's build stage in a folder, as far as it goes without a container: the COPYs, by what
// .dockerignore lets through, and the RUNs.
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";

/** The last pattern that fits a path, or a folder that it lies in, decides: as Docker does. */
function ignores(patterns: string[], path: string): boolean {
  let ignored = false;
  for (const pattern of patterns) {
    const glob = new Bun.Glob(pattern.replace(/^!/, ""));
    const parts = path.split("/");
    if (parts.some((_, i) => glob.match(parts.slice(0, i + 1).join("/")))) ignored = !pattern.startsWith("!");
  }
  return ignored;
}

function filesOf(context: string, source: string): string[] {
  if (!statSync(join(context, source)).isDirectory()) return [source];
  return [...new Bun.Glob("**").scanSync({ cwd: join(context, source), dot: true })].map((file) =>
    join(source, file),
  );
}

/** Throws with what a command says when it fails. */
export async function playBuildStage(
  context: string,
  into: string,
  env: Record<string, string>,
): Promise<void> {
  const dockerfile = await Bun.file(join(context, "docker/Dockerfile")).text();
  const stage = dockerfile.slice(dockerfile.indexOf("\nFROM "), dockerfile.lastIndexOf("\nFROM "));
  const patterns = (await Bun.file(join(context, ".dockerignore")).text()).split("\n").filter(Boolean);
  for (const instruction of DockerfileParser.parse(stage).getInstructions()) {
    const words = instruction.getRawArgumentsContent() ?? "";
    if (instruction.getKeyword() === "COPY") {
      const sources = words.split(" ");
      const target = sources.pop() ?? "";
      const files = sources.flatMap((source) => filesOf(context, source));
      for (const file of files.filter((name) => !ignores(patterns, name))) {
        const below = statSync(join(context, sources[0] ?? "")).isDirectory() ? file : file.split("/").pop();
        const copy = join(into, target.endsWith("/") ? join(target, below ?? "") : file);
        mkdirSync(dirname(copy), { recursive: true });
        copyFileSync(join(context, file), copy);
      }
    }
    if (instruction.getKeyword() === "RUN") {
      const run = Bun.spawnSync(["sh", "-c", words], { cwd: into, env: { ...process.env, ...env } });
      if (run.exitCode !== 0) throw new Error(`${words}: ${run.stderr}`);
    }
  }
}
