// The demo town of a first start. The launcher lets a process sign it up over the public API once the services are ready, so
// a start does not wait for it.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, startChild } from "../child.ts";
import { DEMO_ACCOUNTS } from "./launch-settings.ts";

export const SEED_ENTRY = join(import.meta.dir, "../demo/main.ts");

export type TownState = "none" | "missing" | "whole";

/** Beside the data that it is about. A town whose seeding was interrupted is `begun`. */
const markerOf = (mongoDataDir: string) => `${mongoDataDir}.town`;
const readMarker = (mongoDataDir: string) =>
  existsSync(markerOf(mongoDataDir)) ? readFileSync(markerOf(mongoDataDir), "utf8") : "";
const mark = (mongoDataDir: string, state: "begun" | "whole") => writeFileSync(markerOf(mongoDataDir), state);

/** Whether the platform has no restaurant at all. */
async function isEmpty(restaurantUrl: string): Promise<boolean> {
  const answer = await fetch(`${restaurantUrl}/v1/restaurants?limit=1`).catch(() => undefined);
  if (!answer?.ok) return false;
  const { items } = (await answer.json()) as { items: unknown[] };
  return items.length === 0;
}

interface Seeding {
  urls: Record<string, string>;
  mongoDataDir: string;
  entry: string;
  logFile: string;
  onStart: (child: Child) => void;
  say: (line: string) => void;
}

/** Signs the town up in the background, on a first start and after one whose seeding was interrupted. `none` where somebody
 * has other data. */
export async function startTown(seeding: Seeding): Promise<{ state: TownState; seeded?: Promise<unknown> }> {
  const { urls, mongoDataDir, entry, logFile, onStart, say } = seeding;
  const marker = readMarker(mongoDataDir);
  if (marker !== "begun" && !(await isEmpty(urls.RESTAURANT_URL ?? "")))
    return { state: marker === "whole" ? "whole" : "none" };
  mark(mongoDataDir, "begun");
  const startedAt = performance.now();
  const command = [process.execPath, entry, "--seed"];
  const child = startChild({ name: "town", command, env: { ...process.env, ...urls }, logFile, onStart });
  void child.exited.then((exitCode) => {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    if (exitCode === 0) mark(mongoDataDir, "whole");
    say(
      exitCode === 0
        ? `The demo town is there, ${seconds} s later. \`bun run demo\` brings it to life.`
        : `The demo town could not be signed up: see ${logFile}. The next start tries again.`,
    );
  });
  return { state: "missing", seeded: child.exited };
}

/** For the start-up table. */
export const townAccounts = (pages: string): string[][] => [
  ["Customer", DEMO_ACCOUNTS.customer, `${pages}/#/customer`],
  ["Kitchen", DEMO_ACCOUNTS.restaurant, `${pages}/#/kitchen`],
  ["Courier", DEMO_ACCOUNTS.delivery, `${pages}/#/courier`],
];
