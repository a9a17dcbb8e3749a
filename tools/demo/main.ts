// bun run demo [--speed 6] [--orders 1]: a town at dinner time, on the running platform. Signs up the town where it is missing,
// then its customers, kitchens and couriers act until Ctrl-C. --speed: how many times faster than life. --orders: orders in
// a minute of the town.
// bun run seed: signs the town up and ends.

import { exitWith, orExit, readFlags, UsageError } from "../command-line.ts";
import { type Api, apiClient, findSilentUrl } from "../replay/api.ts";
import { serviceUrls } from "../services.ts";
import { liveAsCouriers } from "./actors/couriers.ts";
import { liveAsCustomers } from "./actors/customers.ts";
import { liveAsKitchens } from "./actors/kitchens.ts";
import { startPace } from "./actors/pace.ts";
import { seedTown, type Town } from "./seed.ts";
import { DEMO_PASSWORD } from "./town.ts";

const SAY_EVERY_MS = 10_000;

const { flags } = orExit(() => {
  const read = readFlags(Bun.argv.slice(2), { speed: 6, orders: 1, seed: false });
  if (read.flags.speed <= 0 || read.flags.orders <= 0)
    throw new UsageError("--speed and --orders expect more than 0");
  return read;
});

const urls = serviceUrls(Bun.env);
const say = (line: string) => process.stdout.write(`${line}\n`);

async function townOrExit(api: Api): Promise<Town> {
  const silentUrl = await findSilentUrl(urls);
  if (silentUrl) exitWith(`Nothing answers at ${silentUrl}: start the platform with \`bun start\`.`);
  return seedTown(api).catch(exitWith);
}

function describe({ restaurants, couriers, customers }: Town): string {
  const first = [customers[0], restaurants[0], couriers[0]].map((one) => one?.account.email).join(", ");
  return [
    `The town: ${restaurants.length} restaurants, ${couriers.length} couriers, ${customers.length} customers.`,
    `Sign in as ${first} (and 02, 03, …) with the password "${DEMO_PASSWORD}".`,
  ].join("\n");
}

const api = apiClient(urls);
const town = await townOrExit(api);
say(describe(town));
if (flags.seed) process.exit(0);

const pace = startPace(flags.speed);
process.once("SIGINT", () => {
  process.once("SIGINT", () => process.exit(130));
  pace.stop();
});
process.once("SIGTERM", pace.stop);
say(
  `It lives ${flags.speed} times faster than life, with ${flags.orders} orders in a minute of its own. Stop: Ctrl-C.`,
);
const saying = setInterval(() => {
  const errors = [...api.traffic.errors].map(([kind, count]) => `${count} × ${kind}`).join(", ");
  say(`${api.traffic.calls} calls${errors && `, not as expected: ${errors}`}`);
}, SAY_EVERY_MS);
await Promise.all([
  liveAsCustomers(town, pace, flags.orders),
  liveAsKitchens(town, pace),
  liveAsCouriers(town, pace),
]);
clearInterval(saying);
process.exit(0);
