// bun run journey: waits for a running platform and plays the journey on it. Leaves a restaurant, a courier, a customer
// and an order behind. CUSTOMER_URL, RESTAURANT_URL, ORDER_URL and DELIVERY_URL override the usual ports.
import { join } from "node:path";
import { eventually } from "@food/shared/testing/tools";
import { orExit, readFlags } from "../tools/command-line.ts";
import { services, serviceUrls } from "../tools/services.ts";

orExit(() => readFlags(Bun.argv.slice(2), {}));

const READY_WITHIN_MS = 120_000;
const JOURNEY_MAX_MS = 60_000;
/** A ready service answers 200 or 401; a starting one, or a proxy in front, answers neither. */
const PROBES = {
  customer: "/v1/restaurants",
  restaurant: "/v1/restaurants",
  order: "/v1/orders/ord_0/status",
  delivery: "/v1/couriers/me",
};

const urls = serviceUrls(process.env);

for (const { name } of services) {
  const url = `${urls[name]}${PROBES[name]}`;
  const isReady = () =>
    fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
      ({ status }) => status === 200 || status === 401,
      () => false,
    );
  await eventually(isReady, READY_WITHIN_MS).catch(() => {
    process.stderr.write(
      `The ${name} service is not ready at ${url}: start it, or set ${name.toUpperCase()}_URL\n`,
    );
    process.exit(1);
  });
}
const variables = services.map(({ name }) => [`${name.toUpperCase()}_URL`, urls[name]]);
const env = { ...process.env, ...Object.fromEntries(variables) };
const { exitCode } = Bun.spawnSync(
  [process.execPath, "test", join(import.meta.dir, "journey.e2e.test.ts"), "--timeout", `${JOURNEY_MAX_MS}`],
  { env, stdout: "inherit", stderr: "inherit" },
);
process.exit(exitCode);
