// Databases of a benchmark's own, in a folder that goes with them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DatabaseOptions,
  type Databases,
  environmentOf,
  startDatabases,
} from "../../tools/databases/databases.ts";

/** Also tells the modules of the end-to-end tests where they are: load those with `await import` afterwards. */
export async function ownDatabases(
  options: Partial<DatabaseOptions> = {},
): Promise<Databases & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const databases = await startDatabases({ dataDir: folder, ...options });
  Object.assign(Bun.env, environmentOf(databases));
  return {
    ...databases,
    folder,
    async stop() {
      await databases.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
