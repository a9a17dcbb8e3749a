import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@food/shared/testing/tools";
import { freePort } from "../free-port.ts";
import { type Launch, readReport, startFake } from "./fake-platform/fake-launch.builder.ts";
import { demoOperator, mayHaveTown } from "./launch-settings.ts";

const TEST_MS = 60_000;
const VARIABLES = ["CUSTOMER", "RESTAURANT", "ORDER", "DELIVERY", "INBOX", "WEB"];
const THERE = "The demo town is there";

let folder: string;
let ports: Record<string, string>;
const launches: Launch[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "town-"));
  ports = Object.fromEntries(VARIABLES.map((name) => [`${name}_PORT`, String(freePort())]));
});
afterEach(async () => {
  await Promise.all(launches.splice(0).map(stop));
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}): Launch {
  const launch = startFake(folder, { ...ports, DEMO_TOWN: "", NODE_ENV: "", ...env });
  launches.push(launch);
  return launch;
}
async function stop(launch: Launch): Promise<void> {
  launch.kill("SIGTERM");
  await launch.exited;
}
const notes = async () =>
  (await (await fetch(`http://127.0.0.1:${ports.ORDER_PORT}/notes`)).json()) as string[];
const timesSeeded = async () => (await notes()).filter((note) => note.startsWith("whole --seed ")).length;

test(
  "the first start signs the town up once it is ready, and shows its accounts; the second finds it",
  async () => {
    const first = start();
    const report = await readReport(first, THERE);
    for (const kind of ["customer", "kitchen", "courier"])
      expect(report).toContain(`${kind}-01@demo.example`);
    expect(report.indexOf("Ready")).toBeLessThan(report.indexOf(THERE));
    expect(await timesSeeded()).toBe(1);
    await stop(first);
    const second = await readReport(start());
    expect(second).toContain("customer-01@demo.example");
    expect(second).not.toContain("in the background");
    expect(await timesSeeded()).toBe(1);
  },
  TEST_MS,
);

test(
  "when a start is stopped meanwhile, the next one goes on",
  async () => {
    const HOLD = join(folder, "hold");
    writeFileSync(HOLD, "");
    const first = start({ HOLD });
    await readReport(first, "in the background");
    await eventually(async () => readFileSync(join(folder, "logs/town.log"), "utf8").includes("half way"));
    await stop(first);
    const report = await readReport(start(), THERE);
    expect(report).toContain("in the background");
    expect(await timesSeeded()).toBe(1);
  },
  TEST_MS,
);

test(
  "data that somebody has gets no town, and DEMO_TOWN=off makes none",
  async () => {
    const first = start({ DEMO_TOWN: "off" });
    const report = await readReport(first);
    expect(report).toContain("operator@demo.example");
    expect(report).not.toContain("customer-01@demo.example");
    await fetch(`http://127.0.0.1:${ports.ORDER_PORT}/notes`, { method: "POST", body: "own" });
    await stop(first);
    expect(await readReport(start())).not.toContain("customer-01@demo.example");
    expect(await notes()).toEqual(["own"]);
  },
  TEST_MS,
);

test("no demo accounts on a given MongoDB or in production, and no town when it is switched off", () => {
  const own = { mongoUrl: undefined };
  const given = { mongoUrl: "mongodb://127.0.0.1:27017" };
  expect([mayHaveTown(own, {}), mayHaveTown(own, { DEMO_TOWN: "off" })]).toEqual([true, false]);
  expect([mayHaveTown(given, {}), mayHaveTown(own, { NODE_ENV: "production" })]).toEqual([false, false]);
  expect(demoOperator(own, {})?.OPERATOR_EMAIL).toBe("operator@demo.example");
  for (const operator of [
    demoOperator(given, {}),
    demoOperator(own, { NODE_ENV: "production" }),
    demoOperator(own, { OPERATOR_EMAIL: "me@food.example" }),
  ])
    expect(operator).toBeUndefined();
});
