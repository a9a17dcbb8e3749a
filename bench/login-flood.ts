// bun bench/login-flood.ts [--rounds 6] [--seconds 5]: orders while strangers try passwords for many accounts from many
// addresses at a fixed rate, beside orders before and after that. Then the time of a refusal for an unknown address over
// that for an account.
import { GivenAccountsConfig } from "@food/shared/process/config";
import { newId } from "@food/shared/values/id";
import { orExit, readFlags } from "../tools/command-line.ts";
import { flood, type Wave } from "./support/open-loop.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { cpuMs } from "./support/process-figures.ts";
import { atLeast, atMost, conclude, quantile, say } from "./support/report.ts";

const { rounds, seconds } = orExit(() => readFlags(Bun.argv.slice(2), { rounds: 6, seconds: 5 }).flags);
const SIGN_INS_A_SECOND = 50;
const CUSTOMERS = 30;
const AT_ONCE = 8;
/** Until the strangers have used up their burst and fill their queue. */
const LEAD_SECONDS = 2;
const REFUSED = 401;
const REFUSALS = [REFUSED, 429, 503];
const CORES = 2;

const pids: number[] = [];
const databases = await ownDatabases({ onStart: ({ pid }) => pids.push(pid) });
const { openPlatform } = await import("../e2e/platform.ts");
const { expectStatus, newCustomer, openRestaurant } = await import("../e2e/actors.ts");
const { call, fromNewAddress } = await import("@food/shared/testing/tools");

/** Another folder than dist/, to compare two builds. */
const { BINARIES: binaries } = process.env;
const platform = await openPlatform({
  environment: {
    TRUSTED_PROXIES: "1",
    SIGN_IN_CPU_PERCENT: String(GivenAccountsConfig.SIGN_IN_CPU_PERCENT.default),
  },
  ...(binaries && { binaries }),
});
const door = platform.first.customer;
pids.push(...platform.all.map(({ pid }) => pid()));
/** Of the services and the databases. */
const cpuOfAll = () => pids.reduce((sum, pid) => sum + cpuMs(pid), 0);

interface Figures {
  orders: number;
  perSecond: number;
  seconds: number;
  cpuMs: number;
}
const restaurant = await openRestaurant(platform);
const customers = await Promise.all(Array.from({ length: CUSTOMERS }, () => newCustomer(platform)));

/** Places, reads and rejects orders. */
async function dine(): Promise<Figures> {
  const [startedAt, before] = [performance.now(), cpuOfAll()];
  const elapsed = () => (performance.now() - startedAt) / 1000;
  let orders = 0;
  const clients = customers.slice(0, AT_ONCE).map(async (customer) => {
    while (elapsed() < seconds) {
      const { orderId } = expectStatus(await customer.order(restaurant), 201);
      expectStatus(await customer.send(`GET /v1/orders/${orderId}`), 200);
      expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/reject`, { reason: "too_busy" }), 200);
      orders++;
    }
  });
  await Promise.all(clients);
  const took = elapsed();
  return { orders, perSecond: orders / took, seconds: took, cpuMs: cpuOfAll() - before };
}

let addresses = 0;
// Some of the accounts exist. None and no address reaches a limit.
const tries = () =>
  Array.from({ length: SIGN_INS_A_SECOND * (LEAD_SECONDS + seconds) }, (_, n) => ({
    headers: { "x-forwarded-for": `10.0.${addresses >> 8}.${addresses++ % 256}` },
    body: { email: customers[n]?.email ?? `who${n}@example.com`, password: "wrong password" },
  }));
const strangers = () =>
  flood({
    ...{ url: `${door.url}/v1/sessions`, requests: tries() },
    ...{ rate: SIGN_INS_A_SECOND, seconds: LEAD_SECONDS + seconds },
  });

const sum = <T>(all: T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0);
const median = (values: number[]) => quantile(values, 0.5);

async function floodInTurns(): Promise<void> {
  let largest = 0;
  const watch = setInterval(async () => {
    largest = Math.max(largest, await door.residentBytes());
  }, 100);
  await dine();
  const quiet = [await dine()];
  const flooded: Figures[] = [];
  const waves: Wave[] = [];
  for (let round = 0; round < rounds; round++) {
    const wave = strangers();
    await Bun.sleep(LEAD_SECONDS * 1000);
    flooded.push(await dine());
    waves.push(await wave);
    quiet.push(await dine());
  }
  clearInterval(watch);

  const countOf = (status: number) => sum(waves, ({ statuses }) => statuses[status] ?? 0);
  const took = waves.flatMap(({ tookMs }) => tookMs[REFUSED] ?? []);
  const ratios = flooded.map(({ perSecond }, i) => {
    const around = quiet.slice(i, i + 2);
    return (perSecond * around.length) / sum(around, (one) => one.perSecond);
  });
  const orderMs = sum(quiet, (one) => one.cpuMs) / sum(quiet, ({ orders }) => orders);
  const strangersMs = sum(flooded, (one) => one.cpuMs - one.orders * orderMs);
  const share = strangersMs / 1000 / sum(flooded, (one) => one.seconds);
  say(
    `        orders of those without strangers: ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}; with other load on the machine they say little`,
  );
  say(
    `        an order takes ${orderMs.toFixed(1)} ms of CPU, strangers ${(share * 100).toFixed(0)} % of a core`,
  );
  say(`        sign-ins: ${REFUSALS.map((status) => `${countOf(status)} × ${status}`).join(", ")}`);
  say(`        a 401 took ${median(took).toFixed(0)} ms in the middle`);
  // By CPU time, which does not depend on other load.
  atLeast(`orders on ${CORES} cores while strangers sign in, of those without`, 1 - share / CORES, 0.7, "x");
  const others = sum(waves, ({ sent }) => sent) - sum(REFUSALS, countOf);
  atMost("answers to strangers that were no refusals", others, 0, "");
  atMost("memory of the customer service", largest / 1e6, 250, "MB");
}

async function refusalMs(email: string): Promise<number> {
  // Slower than turns come, so that none waits.
  await Bun.sleep(300);
  const body = { email, password: "wrong password" };
  const startedAt = performance.now();
  expectStatus(await call(door.url, "POST /v1/sessions", { body, headers: fromNewAddress() }), REFUSED);
  return performance.now() - startedAt;
}

async function refusalsInTurns(): Promise<void> {
  const [account, unknown]: [number[], number[]] = [[], []];
  for (const { email } of customers) {
    account.push(await refusalMs(email));
    unknown.push(await refusalMs(`${newId("who")}@example.com`));
  }
  const ratio = median(unknown) / median(account);
  say(
    `        ${median(account).toFixed(1)} ms for an account, ${median(unknown).toFixed(1)} ms for an unknown address`,
  );
  atLeast("time of a refusal for an unknown address, of that for an account", ratio, 0.8, "x");
  atMost("time of a refusal for an unknown address, of that for an account", ratio, 1.25, "x");
}

try {
  await floodInTurns();
  await refusalsInTurns();
} finally {
  await platform.stop();
  await databases.stop();
}
conclude();
