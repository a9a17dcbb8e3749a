/** About how many seconds a file takes, where that is more than a few. */
const SECONDS: Record<string, number> = {
  "e2e/proof/bugs/planted-bugs.e2e.test.ts": 75,
  "tools/replay/replay.e2e.test.ts": 60,
  "e2e/holes/holes.e2e.test.ts": 120,
  "e2e/proof/crashes.e2e.test.ts": 90,
  "e2e/proof/chaos.e2e.test.ts": 25,
  "e2e/mongodb-away.e2e.test.ts": 40,
  "e2e/redis-away.e2e.test.ts": 30,
  "e2e/mongodb-killed.e2e.test.ts": 20,
  "web/pages.e2e.test.ts": 50,
  "e2e/swagger.e2e.test.ts": 27,
  "docker/image.e2e.test.ts": 20,
  "e2e/rolling-restart.e2e.test.ts": 20,
  "e2e/restarts/slow-removal.e2e.test.ts": 12,
  "e2e/lock-holder.e2e.test.ts": 15,
  "e2e/races.e2e.test.ts": 24,
  "e2e/configuration.e2e.test.ts": 20,
  "e2e/access/access.e2e.test.ts": 30,
  "e2e/sessions.e2e.test.ts": 25,
  "e2e/stock.e2e.test.ts": 20,
  "e2e/totals.e2e.test.ts": 20,
  "e2e/lost-answers.e2e.test.ts": 12,
  "e2e/inputs/random-requests.e2e.test.ts": 38,
  "e2e/repeated-messages.e2e.test.ts": 12,
  "services/delivery/src/trips/races.integration.test.ts": 40,
  "services/restaurant/src/staff/second-factor-policy.integration.test.ts": 20,
  "services/order/src/placing/open-orders.integration.test.ts": 18,
  "services/indexes.integration.test.ts": 15,
  "tools/launcher/start.integration.test.ts": 25,
  "tools/launcher/demo-town.integration.test.ts": 7,
  "shared/src/live/owner-streams.integration.test.ts": 20,
  "shared/src/storage/redis.integration.test.ts": 16,
  "tools/databases/fetched-mongod.integration.test.ts": 12,
  "services/order/src/tracking/tracking.integration.test.ts": 12,
  "services/order/src/tracking/live.integration.test.ts": 10,
  "services/customer/src/customers/sessions.integration.test.ts": 15,
  "shared/src/http/keep-alive.test.ts": 9,
};

/** What `bun test --timings` reads to start the slowest files first, so that none of them runs alone at the end. */
export const timingsOf = (files: string[]): string =>
  JSON.stringify({
    version: 1,
    files: Object.fromEntries(files.map((file) => [file, (SECONDS[file] ?? 1) * 1_000])),
  });

export const SLOW_FILES = Object.keys(SECONDS);
