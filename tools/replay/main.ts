// bun run replay <folder>: plays a recorded day of meal delivery on the running platform, in accelerated time, by actors that
// use only the public API.

import { InstanceError, partOfDay, readInstance } from "../day/instance.ts";
import { middleOf, ORIGIN, planeAround } from "../day/plane.ts";
import { promisesFor } from "../day/promises.ts";
import { serviceUrls } from "../services.ts";
import { apiClient, findSilentUrl } from "./api.ts";
import { type ReplayArguments, readArguments, USAGE, UsageError } from "./arguments.ts";
import { openBook } from "./book.ts";
import { runReplay } from "./run.ts";
import type { Company } from "./stage.ts";

const PATIENCE_MINUTES = 120;

const URLS = serviceUrls(Bun.env);

function exitWith(line: string, code = 1): never {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}

function argumentsOrExit(): ReplayArguments {
  try {
    const read = readArguments(Bun.argv.slice(2));
    if (read !== "help") return read;
    process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    exitWith(`${error.message}: see \`bun run replay --help\``, 2);
  }
}

async function companyOrExit(given: ReplayArguments): Promise<Company> {
  const { folder, fromMinute, toMinute } = given;
  const whole = await readInstance(folder).catch((error: unknown) => {
    if (error instanceof InstanceError) exitWith(error.message);
    throw error;
  });
  const instance = partOfDay(whole, { fromMinute, toMinute, patienceMinutes: PATIENCE_MINUTES });
  if (instance.orders.length === 0) exitWith("No order of the instance is placed between --from and --to.");
  const spots = [...whole.restaurants, ...whole.orders, ...whole.couriers].map(({ spot }) => spot);
  return {
    api: apiClient(URLS),
    instance,
    plane: planeAround(ORIGIN, middleOf(spots)),
    book: openBook(instance.orders, instance.couriers),
    promisedMinute: promisesFor(whole, { ...given, history: 0 }).promisedMinute,
    runId: Date.now().toString(36),
    password: crypto.randomUUID(),
  };
}

const given = argumentsOrExit();
const company = await companyOrExit(given);
const silentUrl = await findSilentUrl(URLS);
if (silentUrl) exitWith(`Nothing answers at ${silentUrl}: start the platform with \`bun start\`.`);

const interrupted = Promise.withResolvers<void>();
process.once("SIGINT", () => {
  process.once("SIGINT", () => process.exit(130));
  interrupted.resolve();
});

const exitCode = await runReplay(company, {
  ...given,
  patienceMinutes: PATIENCE_MINUTES,
  interrupted: interrupted.promise,
  output: process.stdout,
  errors: process.stderr,
});
// Calls may still be pending; their answers are no longer needed.
process.exit(exitCode);
