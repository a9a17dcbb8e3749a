// What the services export, what alerts and dashboards read of it, and what operators are told.
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "@food/shared/process/config";
import type { ServiceBase } from "@food/shared/service/service-base";
import { connectSubscriber } from "@food/shared/storage/redis";
import { NO_DATABASES, NO_REDIS, TEST_MAX_MS, testBase } from "@food/shared/testing/service";
import { dashboards } from "../tools/monitoring/dashboards.ts";
import { derivedFiles, FOLDER } from "../tools/monitoring/write.ts";
import { customerApp } from "./customer/src/app.ts";
import * as customer from "./customer/src/config.ts";
import { deliveryApp } from "./delivery/src/app.ts";
import * as delivery from "./delivery/src/config.ts";
import { orderApp } from "./order/src/app.ts";
import * as order from "./order/src/config.ts";
import { restaurantApp } from "./restaurant/src/app.ts";
import * as restaurant from "./restaurant/src/config.ts";

setDefaultTimeout(TEST_MAX_MS);

const NOBODY = "http://127.0.0.1:1";
const ENVIRONMENT = {
  ...{ PORT: "0", MONGODB_URL: "mongodb://x", REDIS_URL: "redis://x", SIGNING_KEY: "{}" },
  ...{ CUSTOMER_URL: NOBODY, RESTAURANT_URL: NOBODY, ORDER_URL: NOBODY, DELIVERY_URL: NOBODY },
};
const built: (() => Promise<unknown>)[] = [];

/** The text of /metrics of a service that has no database. */
async function metricsOf(
  name: string,
  build: (base: ServiceBase, subscriber: ReturnType<typeof connectSubscriber>) => { stop: () => unknown },
): Promise<string> {
  const base = await testBase(name, NO_DATABASES);
  const subscriber = connectSubscriber(NO_REDIS, base.log);
  const { stop } = build(base, subscriber);
  built.push(async () => {
    await stop();
    subscriber.disconnect();
  });
  return base.metrics.render();
}

const OF_RUNTIME = /^(process|nodejs)_/;
const typesIn = (text: string) => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = ""]) => name);
const rules = await Bun.file(join(FOLDER, "rules.yaml")).text();
const { groups } = Bun.YAML.parse(rules) as {
  groups: { rules: { alert: string; expr: string; annotations: { runbook: string } }[] }[];
};
const alerts = groups.flatMap((group) => group.rules);
const documentation = (name: string) => Bun.file(join(import.meta.dir, "../docs/operate", name)).text();

/** The metrics that an expression reads, as they are declared. */
const readBy = (expr: string) =>
  [
    ...expr
      .replace(/\{[^}]*\}|\[[^\]]*\]/g, " ")
      .replace(/\b(by|on) \([^)]*\)/g, " ")
      .matchAll(/\b[a-z]+(_[a-z0-9]+)+\b(?!\()/g),
  ].map(([name]) => name.replace(/_(bucket|sum|count)$/, ""));

describe("the metrics of the services", () => {
  let texts: Record<string, string> = {};
  const exported = () => [...new Set(Object.values(texts).flatMap(typesIn))];
  beforeAll(async () => {
    const configured = <T extends Parameters<typeof readConfig>[0]>(config: T) =>
      readConfig(config, ENVIRONMENT);
    const [customerText, restaurantText, orderText, deliveryText] = await Promise.all([
      metricsOf("customer", (base) => customerApp({ ...base, ...configured(customer.Config) })),
      metricsOf("restaurant", (base, subscriber) =>
        restaurantApp({ ...base, ...configured(restaurant.Config), subscriber }),
      ),
      metricsOf("order", (base, subscriber) =>
        orderApp({ ...base, ...configured(order.Config), subscriber }),
      ),
      metricsOf("delivery", (base, subscriber) =>
        deliveryApp({ ...base, ...configured(delivery.Config), subscriber }),
      ),
    ]);
    texts = { customer: customerText, restaurant: restaurantText, order: orderText, delivery: deliveryText };
  });
  afterAll(() => Promise.all(built.map((end) => end())));

  test("have all that the alerts and dashboards read", () => {
    const panels = Object.values(dashboards()).flatMap(
      (dashboard) => (dashboard as { panels: { targets?: { expr: string }[] }[] }).panels,
    );
    const exprs = [
      ...alerts.map(({ expr }) => expr),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ];
    const read = new Set(exprs.flatMap(readBy));
    expect(read.size).toBeGreaterThan(40);
    expect([...read].filter((name) => !exported().includes(name))).toEqual([]);
  });

  test("are each on a dashboard", () => {
    const own = exported().filter((name) => !OF_RUNTIME.test(name));
    const shown = JSON.stringify(dashboards());
    expect(own.filter((name) => !shown.includes(name))).toEqual([]);
  });

  test("are those of the table in docs/operate/observe.md, service by service", async () => {
    const guide = await documentation("observe.md");
    const rows = [...guide.matchAll(/^\| ((?:`[a-z_*]+`(?:, )?)+) +\| ([a-z, ]+?) +\|/gm)].map(
      ([, names = "", of = ""]) => ({
        names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
        services: of === "all" ? Object.keys(texts) : of.split(", "),
      }),
    );
    expect(rows.length).toBeGreaterThan(4);
    for (const [service, text] of Object.entries(texts)) {
      const names = typesIn(text);
      const explained = rows.filter(({ services }) => services.includes(service)).flatMap((row) => row.names);
      const isExplained = (name: string) =>
        explained.some((known) =>
          known.endsWith("*") ? name.startsWith(known.slice(0, -1)) : known === name,
        );
      expect([service, names.filter((name) => !isExplained(name))]).toEqual([service, []]);
      const missing = explained.filter((known) => !known.endsWith("*") && !names.includes(known));
      expect([service, missing]).toEqual([service, []]);
    }
  });

  test("give no figures of a database that does not answer", () => {
    expect(texts.order).toMatch(/^outbox_pending\{outbox="orders",service="order"\} Nan$/m);
    expect(texts.order).toMatch(/^orders_open\{status="pending",service="order"\} Nan$/m);
    expect(texts.order).toMatch(/^dependency_up\{dependency="mongodb",service="order"\} 0$/m);
  });

  test.skipIf(!Bun.which("promtool"))(
    `are well formed and well named (${Bun.which("promtool") ? "by promtool" : "promtool is not installed: Debian's package prometheus has it"})`,
    async () => {
      for (const [name, text] of Object.entries(texts)) {
        const promtool = Bun.spawn(["promtool", "check", "metrics"], {
          stdin: Buffer.from(text),
          stderr: "pipe",
        });
        const said = (await new Response(promtool.stderr).text())
          .split("\n")
          .filter((line) => line !== "" && !OF_RUNTIME.test(line));
        expect([name, ...said]).toEqual([name]);
      }
    },
  );
});

test("each alert has its paragraph in docs/operate/alarms.md, and each paragraph its alert", async () => {
  const headings = [...(await documentation("alarms.md")).matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  expect(headings.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  for (const { alert, annotations } of alerts)
    expect(annotations.runbook).toBe(`docs/operate/alarms.md#${alert.toLowerCase()}`);
});

test("the dashboards and the PrometheusRule are those that `bun run docs` writes", async () => {
  const derived = await derivedFiles();
  for (const [path, text] of Object.entries(derived))
    expect([path, await Bun.file(join(FOLDER, path)).text()]).toEqual([path, text]);
  const written = readdirSync(join(FOLDER, "dashboards")).map((name) => `dashboards/${name}`);
  expect(written.sort()).toEqual(
    Object.keys(derived)
      .filter((path) => path.startsWith("dashboards/"))
      .sort(),
  );
});
