// Starts the launcher with the fake platform, as a process of its own.
import { join } from "node:path";

export type Launch = Bun.Subprocess<"ignore", "pipe", "pipe">;

/** Without the demo town, unless the environment says otherwise. */
export function startFake(folder: string, env: Record<string, string>, words: string[] = []): Launch {
  const { MONGODB_URL: _mongo, REDIS_URL: _redis, ...inherited } = process.env;
  return Bun.spawn([process.execPath, join(import.meta.dir, "main.ts"), ...words], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { ...inherited, DATABASES: "emulator", DEMO_TOWN: "off", DATA_DIR: folder, ...env },
  });
}

/** What it prints until this text, by default the whole report. */
export async function readReport(launch: Launch, until = "Stop: "): Promise<string> {
  let report = "";
  for await (const chunk of launch.stdout) {
    report += new TextDecoder().decode(chunk);
    if (report.includes(until)) return report;
  }
  throw new Error(`It ended instead: ${await new Response(launch.stderr).text()}`);
}
