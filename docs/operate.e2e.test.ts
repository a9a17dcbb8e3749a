// The metrics in the tables and alarms of the guide are those of the binaries.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { describeWithDatabases } from "@food/shared/testing/service";
import { SERVICES, type ServiceName, startPlatform } from "../e2e/platform.ts";

const page = await Bun.file(join(import.meta.dir, "operate/observe.md")).text();
const rows = [...page.matchAll(/^\| ((?:`[a-z_*]+`(?:, )?)+) +\| ([a-z, ]+?) +\|/gm)].map(
  ([, names = "", services = ""]) => ({
    names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
    services: services === "all" ? SERVICES : (services.split(", ") as ServiceName[]),
  }),
);
const alarms = [...page.matchAll(/^```\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block).join("");

describeWithDatabases("the guide's metrics", () => {
  test("are those of the services, one by one", async () => {
    expect(rows.length).toBeGreaterThan(4);
    const { urls } = await startPlatform();
    const all = new Set<string>();
    for (const service of SERVICES) {
      const text = await (await fetch(`${urls[service]}/metrics`)).text();
      const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = ""]) => name);
      for (const name of names) all.add(name);
      const explained = rows.filter((row) => row.services.includes(service)).flatMap((row) => row.names);
      const isExplained = (name: string) =>
        explained.some((known) =>
          known.endsWith("*") ? name.startsWith(known.slice(0, -1)) : known === name,
        );
      expect([service, names.filter((name) => !isExplained(name))]).toEqual([service, []]);
      const missing = explained.filter((known) => !known.endsWith("*") && !names.includes(known));
      expect([service, missing]).toEqual([service, []]);
    }
    const used = [...alarms.matchAll(/\b(http|outbox|nodejs|process|event|cache)_\w+/g)].map(([name]) =>
      name.replace(/_(count|bucket|sum)$/, ""),
    );
    expect(used.length).toBeGreaterThan(4);
    expect(used.filter((name) => !all.has(name))).toEqual([]);
  });
});
