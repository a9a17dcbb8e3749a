// Each service gets its whole configuration, and no variable that no service reads.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { readConfig } from "@food/shared/process/config";
import { services } from "../../tools/services.ts";
import { mebibytesFor } from "../memory.ts";
import { environmentOf, type Labels, type Manifest, ofKind, workloadsOf } from "./objects.ts";
import { OVERLAYS, renderAll, whyNotRendered } from "./render.ts";

const rendered = renderAll();
const why = whyNotRendered ? ` (${whyNotRendered})` : "";

interface Signal {
  pods?: { metric: { name: string }; target: { averageValue: string } };
}

type Config = Parameters<typeof readConfig>[0];
const configs = new Map<string, Config>();
for (const { name } of services) {
  const path = `../../services/${name}/src/config.ts`;
  configs.set(name, ((await import(path)) as { Config: Config }).Config);
}
const known = new Set([...configs.values()].flatMap(({ properties }) => Object.keys(properties)));

function workloadOf(objects: Manifest[], service: string) {
  const workload = workloadsOf(objects).find(({ metadata }) => metadata.name === `${service}-service`);
  const container = workload?.spec.template.spec.containers[0];
  if (!workload || !container) throw new Error(`No workload of the ${service} service`);
  return { pod: workload.spec.template.spec, container };
}

/** The content of a file in a pod. */
function mounted(objects: Manifest[], service: string, path: string): string {
  const { pod, container } = workloadOf(objects, service);
  const mount = container.volumeMounts?.find(({ mountPath }) => path.startsWith(`${mountPath}/`));
  const volume = pod.volumes?.find(({ name }) => name === mount?.name);
  const secret = ofKind(objects, "Secret").find(
    ({ metadata }) => metadata.name === volume?.secret?.secretName,
  );
  const text = secret?.data?.[path.slice((mount?.mountPath.length ?? 0) + 1)];
  if (!text) throw new Error(`${service}: nothing at ${path}`);
  return Buffer.from(text, "base64").toString();
}

describe.skipIf(Boolean(whyNotRendered)).each(services)(`$name's configuration${why}`, ({ name, calls }) => {
  test("is complete and valid, with the values of its Secret", () => {
    const { container } = workloadOf(rendered.kind, name);
    const given: Labels = {};
    for (const [variable, value] of Object.entries(environmentOf(rendered.kind, container))) {
      if (variable.endsWith("_FILE")) given[variable.slice(0, -5)] = mounted(rendered.kind, name, value);
      else given[variable] = value;
    }
    const config = readConfig(configs.get(name) as Config, given) as Labels;
    expect(config.MONGODB_URL).toContain(`@mongodb:27017/${name}`);
    expect(config.REDIS_URL).toContain("@redis:6379");
  });

  test.each(OVERLAYS)("has only variables that a service reads: %s", (overlay) => {
    const { container } = workloadOf(rendered[overlay], name);
    const names = Object.keys(environmentOf(rendered[overlay], container)).map((it) =>
      it.replace(/_FILE$/, ""),
    );
    expect(names.filter((it) => !known.has(it))).toEqual([]);
  });

  test.each(OVERLAYS)("has the URLs of its downstream services: %s", (overlay) => {
    const { container } = workloadOf(rendered[overlay], name);
    const given = environmentOf(rendered[overlay], container);
    for (const downstream of calls) {
      const { hostname, port } = new URL(given[`${downstream.toUpperCase()}_URL`] ?? "");
      const door = ofKind<{ ports: { port: number }[] }>(rendered[overlay], "Service").find(
        ({ metadata }) => metadata.name === hostname,
      );
      expect(door?.metadata.labels?.["app.kubernetes.io/name"]).toBe(downstream);
      expect(door?.spec.ports.map((one) => one.port)).toEqual([Number(port || 80)]);
    }
  });

  test.each(OVERLAYS)("fits MAX_STREAMS event streams into its memory limit: %s", (overlay) => {
    const { container } = workloadOf(rendered[overlay], name);
    const streams = Number(environmentOf(rendered[overlay], container).MAX_STREAMS);
    expect(container.resources?.limits?.memory).toEndWith("Mi");
    expect(Number.parseInt(container.resources?.limits?.memory ?? "", 10)).toBeGreaterThan(
      mebibytesFor(streams),
    );
  });

  test("scales up and raises an alarm before it reaches MAX_STREAMS", async () => {
    const objects = rendered["production with requests in flight"];
    const streams = Number(environmentOf(objects, workloadOf(objects, name).container).MAX_STREAMS);
    const scaler = ofKind<{ metrics: Signal[] }>(objects, "HorizontalPodAutoscaler").find(
      ({ metadata }) => metadata.name === `${name}-service`,
    );
    const signal = scaler?.spec.metrics.find(({ pods }) => pods?.metric.name === "event_streams_open");
    expect(Number(signal?.pods?.target.averageValue)).toBe(streams / 2);

    const rules = await Bun.file(join(import.meta.dir, "../components/monitoring/rules.yaml")).text();
    const [, alarm] = /event_streams_open\) > (\d+)/.exec(rules) ?? [];
    expect(Number(alarm)).toBe(streams * 0.8);
  });

  test("needs a Secret of the same name and files in production as in kind", () => {
    const [here, there] = [workloadOf(rendered.production, name), workloadOf(rendered.kind, name)];
    expect(here.container.env).toEqual(there.container.env);
    expect(here.container.volumeMounts).toEqual(there.container.volumeMounts);
    expect(here.pod.volumes?.map(({ secret }) => secret?.secretName)).toEqual([name]);
  });
});
