// bun bench/traces.ts [--seconds 2] [--rounds 5] [--orders 40]: the CPU time that recorded traces add to a cached menu and to
// an order from the menu to the door. Two platforms, one with an endpoint for its spans, run at the same time and are
// measured in turn.
import { orExit, readFlags } from "../tools/command-line.ts";
import { ownDatabases } from "./support/own-databases.ts";
import { cpuMs } from "./support/process-figures.ts";
import { readCost } from "./support/read-cost.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";

const { seconds, rounds, orders } = orExit(
  () => readFlags(Bun.argv.slice(2), { seconds: 2, rounds: 5, orders: 40 }).flags,
);
const CONNECTIONS = 64;
const WARM_UP = 10;
const BAR = 1.1;

const databases = await ownDatabases();
const { openPlatform, SERVICES } = await import("../e2e/platform.ts");
const { courierOnDuty, newCustomer, openRestaurant } = await import("../e2e/actors.ts");
const { playOrder } = await import("../e2e/dinner.ts");
/** Takes all spans and decodes none. */
const collector = Bun.serve({
  ...{ hostname: "127.0.0.1", port: 0 },
  fetch: async (request) => {
    await request.arrayBuffer();
    return Response.json({});
  },
});

type Platform = Awaited<ReturnType<typeof openPlatform>>;
type Cost = () => Promise<number>;

async function stageOn(platform: Platform): Promise<{ read: Cost; dine: Cost }> {
  const restaurant = await openRestaurant(platform);
  const customer = await newCustomer(platform);
  const couriers = [await courierOnDuty(platform), await courierOnDuty(platform)];
  const { url, pid } = platform.first.restaurant;
  const menu = `${url}/v1/restaurants/${restaurant.id}/menu`;
  await fetch(menu);
  const spent = () => SERVICES.reduce((sum, service) => sum + cpuMs(platform.first[service].pid()), 0);
  const play = async (count: number) => {
    for (let i = 0; i < count; i++) await playOrder({ restaurant, customer, couriers });
  };
  const stage = {
    /** CPU microseconds for a read. */
    read: () => readCost(pid(), menu, { connections: CONNECTIONS, seconds }),
    /** CPU milliseconds of all services for an order. */
    async dine() {
      const before = spent();
      await play(orders);
      return (spent() - before) / orders;
    },
  };
  await play(WARM_UP);
  await stage.read();
  return stage;
}

/** The median of the ratios of two measurements right after each other. */
async function compare(what: string, unit: string, off: Cost, on: Cost) {
  const [without, recorded]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++)
    for (const isOn of round % 2 === 0 ? [false, true] : [true, false])
      (isOn ? recorded : without).push(await (isOn ? on : off)());
  const [before, after] = [without, recorded].map((costs) => quantile(costs, 0.5).toFixed(1));
  say(`        CPU of ${what}: ${before} ${unit} without traces, ${after} ${unit} with them`);
  const ratios = without.map((cost, i) => (recorded[i] ?? 0) / cost);
  atMost(`${what} with traces against without`, quantile(ratios, 0.5), BAR, "times");
}

async function sayDropped({ first }: Platform) {
  const metrics = await (await fetch(`${first.restaurant.url}/metrics`)).text();
  for (const line of metrics.match(/^trace_spans_total.*$/gm) ?? []) say(`        ${line}`);
}

const { BINARIES: binaries } = process.env;
const where = binaries ? { binaries } : {};
const platforms: Platform[] = [];
try {
  for (const environment of [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.origin }])
    platforms.push(
      await openPlatform({ ...where, environment: { PATH: process.env.PATH ?? "", ...environment } }),
    );
  const [off, on] = [await stageOn(platforms[0] as Platform), await stageOn(platforms[1] as Platform)];
  await compare("a cached menu", "µs", off.read, on.read);
  await compare("an order", "ms", off.dine, on.dine);
  await sayDropped(platforms[1] as Platform);
} finally {
  for (const platform of platforms) await platform.stop();
  await collector.stop();
  await databases.stop();
}
conclude();
