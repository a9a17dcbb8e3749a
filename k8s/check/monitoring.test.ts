// Alerts, the ServiceMonitor, and Prometheus of compose.yaml.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { services } from "../../tools/services.ts";
import { type Labels, ofKind, type Selector, selects } from "./objects.ts";
import { renderAll, whyNotRendered } from "./render.ts";

const RULES = join(import.meta.dir, "../components/monitoring/rules.yaml");
const why = Bun.which("promtool") ? "" : " (promtool is not installed: Debian's package prometheus has it)";

describe.skipIf(why !== "")(`the alerts${why}`, () => {
  const promtool = (...words: string[]) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(["promtool", ...words], { stderr: "pipe" });
    return exitCode === 0 ? "" : `${stdout}${stderr}`;
  };

  test("are valid", () => {
    expect(promtool("check", "rules", RULES)).toBe("");
  });

  test.each(["rules", "week"])("fire when they shall, and not otherwise: monitoring/%s.test.yaml", (file) => {
    expect(promtool("test", "rules", join(import.meta.dir, `monitoring/${file}.test.yaml`))).toBe("");
  });

  test("each have a case in which they fire", async () => {
    const cases = ["rules", "week"].map((file) =>
      Bun.file(join(import.meta.dir, `monitoring/${file}.test.yaml`)).text(),
    );
    const fired = [...(await Promise.all(cases)).join().matchAll(/docs\/operate\/alarms\.md#(\w+)/g)];
    const alerts = [...(await Bun.file(RULES).text()).matchAll(/- alert: (\w+)/g)];
    expect([...new Set(fired.map(([, name]) => name))].sort()).toEqual(
      alerts.map(([, name = ""]) => name.toLowerCase()).sort(),
    );
  });

  test("are read by the Prometheus of compose.yaml, whose configuration is valid", () => {
    const config = join(import.meta.dir, "../../docker/observability/prometheus.yaml");
    expect(promtool("check", "config", "--syntax-only", config)).toBe("");
  });
});

describe.skipIf(Boolean(whyNotRendered))(
  `the component${whyNotRendered ? ` (${whyNotRendered})` : ""}`,
  () => {
    const objects = renderAll()["production with monitoring"];

    test("scrapes each service, under the job that the alerts read", async () => {
      const [monitor, ...others] = ofKind<{
        selector: Selector;
        endpoints: { port: string; path: string; honorLabels: boolean; relabelings: Labels[] }[];
      }>(objects, "ServiceMonitor");
      expect(others).toEqual([]);
      const scraped = ofKind<{ selector: Labels; ports: { name: string }[] }>(objects, "Service").filter(
        ({ metadata }) => selects(monitor?.spec.selector ?? {}, metadata.labels ?? {}),
      );
      expect(scraped).toHaveLength(services.length);
      const [endpoint] = monitor?.spec.endpoints ?? [];
      expect(endpoint).toMatchObject({ path: "/metrics", honorLabels: true });
      for (const { spec } of scraped)
        expect(spec.ports.map(({ name }) => name)).toContain(endpoint?.port ?? "");
      const job = endpoint?.relabelings.find(({ targetLabel }) => targetLabel === "job")?.replacement;
      expect(await Bun.file(RULES).text()).toContain(`up{job="${job}"}`);
      const compose = Bun.file(join(import.meta.dir, "../../docker/observability/prometheus.yaml"));
      expect(await compose.text()).toContain(`job_name: ${job}`);
    });

    test("brings the alerts and the dashboards", () => {
      expect(ofKind(objects, "PrometheusRule")).toHaveLength(1);
      const [dashboards] = ofKind(objects, "ConfigMap").filter(
        ({ metadata }) => metadata.labels?.grafana_dashboard === "1",
      );
      expect(Object.keys(dashboards?.data ?? {})).toHaveLength(services.length + 1);
    });
  },
);
