// bun run journey: plays the journey on a platform that runs already, or is about to. It leaves a restaurant, a courier,
// a customer and an order behind. CUSTOMER_URL, RESTAURANT_URL, ORDER_URL and DELIVERY_URL say where it is when it is not on the usual ports.
import { join } from "node:path";
import { eventually } from "@food/shared/testing/tools";
import { services } from "../tools/services.ts";

const READY_WITHIN_MS = 120_000;
const JOURNEY_MAX_MS = 60_000;
/** Answered 200 or 401 by a service that is ready, and neither by one that is not nor by a proxy before it. */
const PROBES = {
  customer: "/v1/restaurants",
  restaurant: "/v1/restaurants",
  order: "/v1/orders/ord_0/status",
  delivery: "/v1/couriers/me",
};

const usual = services.map(({ name, port }) => [`${name.toUpperCase()}_URL`, `http://localhost:${port}`]);
const env: Record<string, string | undefined> = { ...Object.fromEntries(usual), ...process.env };

for (const { name } of services) {
  const url = `${env[`${name.toUpperCase()}_URL`]}${PROBES[name]}`;
  const isReady = () =>
    fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
      ({ status }) => status === 200 || status === 401,
      () => false,
    );
  await eventually(isReady, READY_WITHIN_MS).catch(() => {
    process.stderr.write(`The ${name} service is not ready at ${url}\n`);
    process.exit(1);
  });
}
const { exitCode } = Bun.spawnSync(
  [process.execPath, "test", join(import.meta.dir, "journey.e2e.test.ts"), "--timeout", `${JOURNEY_MAX_MS}`],
  { env, stdout: "inherit", stderr: "inherit" },
);
process.exit(exitCode);
