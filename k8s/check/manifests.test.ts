// Every overlay, rendered: Kubernetes' own schema, and what this project asks of each object.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createMetrics } from "@food/shared/observe/metrics";
import { STOP_MAX_MS } from "@food/shared/service/run";
import { services } from "../../tools/services.ts";
import {
  environmentOf,
  isPages,
  type Manifest,
  ofKind,
  podLabels,
  type Selector,
  selects,
  servicesOf,
  workloadsOf,
} from "./objects.ts";
import { OVERLAYS, renderAll, whyNotRendered } from "./render.ts";
import { schemaFaults } from "./schema.ts";

interface Ingress {
  ingressClassName?: string;
  defaultBackend?: unknown;
  tls?: { hosts: string[]; secretName: string }[];
  rules: { host: string; http: { paths: { path: string; pathType: string; backend: unknown }[] } }[];
}
interface Autoscaler {
  scaleTargetRef: { kind: string; name: string };
  metrics: { pods?: { metric: { name: string } } }[];
}

const rendered = renderAll();
const ADAPTER = join(import.meta.dir, "../components/requests-in-flight/prometheus-adapter.yaml");
const why = whyNotRendered ? ` (${whyNotRendered})` : "";
const amount = (quantity = "") =>
  Number.parseFloat(quantity) * ({ m: 0.001, Mi: 1, Gi: 1024 }[quantity.replace(/[\d.]+/, "")] ?? 1);
const patienceSeconds = ({ periodSeconds = 10, failureThreshold = 3 } = {}) =>
  periodSeconds * failureThreshold;

describe.skipIf(Boolean(whyNotRendered))(`the manifests${why}`, () => {
  test("the schema refuses unknown fields and wrong types", () => {
    const [deployment] = ofKind<object>(rendered.production, "Deployment");
    const faultsWith = (fields: object) => schemaFaults([{ ...deployment, ...fields } as Manifest]).join();
    expect(faultsWith({ spec: { ...deployment?.spec, replica: 2 } })).toContain("replica");
    expect(faultsWith({ spec: { ...deployment?.spec, replicas: "two" } })).toContain("must be integer");
    expect(faultsWith({ apiVersion: "apps/v1beta2" })).toContain("not in the schema");
  });

  describe.each(OVERLAYS)("%s", (overlay) => {
    const objects = rendered[overlay];

    test("matches the schema of Kubernetes", () => {
      expect(schemaFaults(objects)).toEqual([]);
      expect(servicesOf(objects)).toHaveLength(services.length);
    });

    test("enforces the restricted pod security standard in its one namespace", () => {
      const [space, ...others] = ofKind(objects, "Namespace");
      expect(others).toEqual([]);
      expect(space?.metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
      const outside = objects.filter(
        ({ kind, metadata }) => kind !== "Namespace" && metadata.namespace !== space?.metadata.name,
      );
      expect(outside).toEqual([]);
    });

    test("holds no secret, except those that kind generates", () => {
      if (overlay !== "kind") expect(ofKind(objects, "Secret")).toEqual([]);
      const values = ofKind(objects, "ConfigMap").flatMap(({ data = {} }) => Object.values(data));
      const literals = workloadsOf(objects)
        .flatMap(({ spec }) => spec.template.spec.containers.flatMap(({ env = [] }) => env))
        .filter(
          ({ name }) =>
            /PASSWORD|SECRET|KEY|TOKEN|(MONGODB|REDIS)_URL$/.test(name) && !name.endsWith("_FILE"),
        );
      expect(literals).toEqual([]);
      expect(values.filter((value) => /:\/\/[^/\s]*:[^/\s]*@|"d":/.test(value))).toEqual([]);
    });

    test.each(workloadsOf(objects).map(({ metadata, spec }) => [metadata.name, spec.template.spec] as const))(
      "%s is restricted, bounded in CPU, memory and disk, and probed for liveness",
      (_, pod) => {
        expect(pod).toMatchObject({
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        });
        for (const key of ["hostNetwork", "hostPID", "hostIPC", "initContainers"])
          expect(pod).not.toHaveProperty(key);
        expect(pod.volumes?.filter((volume) => "hostPath" in volume)).toEqual([]);
        for (const { image, securityContext, resources, ports, livenessProbe } of pod.containers) {
          expect(image).toMatch(/:\d+\.\d+\.\d+[\w.-]*$/);
          expect(securityContext).toEqual({
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          });
          for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
            const requested = amount(resources?.requests?.[resource]);
            expect(requested).toBeGreaterThan(0);
            expect(amount(resources?.limits?.[resource])).toBeGreaterThanOrEqual(requested);
          }
          expect(patienceSeconds(livenessProbe)).toBeGreaterThanOrEqual(30);
          expect(livenessProbe?.exec ?? livenessProbe?.httpGet).toBeDefined();
          expect(ports?.filter(({ hostPort }) => hostPort)).toEqual([]);
        }
      },
    );

    describe.each(servicesOf(objects).map((workload) => [workload.metadata.name, workload] as const))(
      "%s",
      (name, workload) => {
        const pod = workload.spec.template.spec;
        const labels = podLabels(workload);
        const forIt = <Spec extends { selector: Selector }>(kind: string) =>
          ofKind<Spec>(objects, kind).filter(({ spec }) => selects(spec.selector, labels));

        test("is probed for liveness and readiness, and has the time to start and to stop", () => {
          const [container] = pod.containers;
          const { startupProbe, readinessProbe, livenessProbe, lifecycle } = container ?? {};
          expect(startupProbe?.httpGet?.path).toBe("/health/live");
          expect(readinessProbe?.httpGet?.path).toBe("/health/ready");
          expect(livenessProbe?.httpGet?.path).toBe("/health/live");
          expect(patienceSeconds(startupProbe)).toBeGreaterThanOrEqual(20);
          expect(patienceSeconds(livenessProbe)).toBeGreaterThanOrEqual(2 * patienceSeconds(readinessProbe));
          const preStopSeconds = lifecycle?.preStop?.sleep?.seconds ?? 0;
          expect(preStopSeconds).toBeGreaterThanOrEqual(5);
          const environment = container && environmentOf(objects, container);
          const [quietMs, mostMs] = [environment?.SHUTDOWN_DELAY_MS, environment?.SHUTDOWN_DELAY_MAX_MS];
          expect(Number(quietMs)).toBeGreaterThanOrEqual(3_000);
          expect(Number(mostMs)).toBeGreaterThanOrEqual(30_000);
          const stopSeconds = preStopSeconds + (Number(mostMs) + STOP_MAX_MS) / 1000;
          expect(stopSeconds).toBeLessThan(pod.terminationGracePeriodSeconds ?? 0);
        });

        test("has a ServiceAccount, a Service and a disruption budget of its own", () => {
          expect(selects(workload.spec.selector, labels)).toBe(true);
          expect(pod.serviceAccountName).toBe(name);
          expect(ofKind(objects, "ServiceAccount").map(({ metadata }) => metadata.name)).toContain(name);
          const budgets = forIt<{ selector: Selector; maxUnavailable: number }>("PodDisruptionBudget");
          expect(budgets.map(({ spec }) => spec.maxUnavailable)).toEqual([1]);
          const doors = ofKind<{ selector: Record<string, string>; ports: object[] }>(
            objects,
            "Service",
          ).filter(({ spec }) => selects({ matchLabels: spec.selector }, labels));
          expect(doors.map(({ spec }) => spec.ports)).toMatchObject([[{ name: "http", targetPort: "http" }]]);
          expect(pod.containers[0]?.ports?.map((port) => port.name)).toEqual(["http"]);
        });

        test("runs at least twice, scales up at once and down slowly", () => {
          const scalers = ofKind<Autoscaler>(objects, "HorizontalPodAutoscaler").filter(
            ({ spec }) => spec.scaleTargetRef.kind === "Deployment" && spec.scaleTargetRef.name === name,
          );
          expect(scalers.map(({ spec }) => spec)).toMatchObject([
            {
              minReplicas: 2,
              behavior: {
                scaleUp: { stabilizationWindowSeconds: 0 },
                scaleDown: { stabilizationWindowSeconds: 900 },
              },
            },
          ]);
          expect(workload.spec.replicas).toBeUndefined();
        });

        test("is spread over nodes and zones, and updated without a gap", () => {
          const spread = (pod.topologySpreadConstraints ?? []).filter(
            ({ labelSelector = {} }) =>
              Object.keys(labelSelector.matchLabels ?? {}).length > 0 && selects(labelSelector, labels),
          );
          expect(spread.map(({ topologyKey }) => topologyKey)).toEqual([
            "kubernetes.io/hostname",
            "topology.kubernetes.io/zone",
          ]);
          expect(workload.spec.strategy?.rollingUpdate?.maxUnavailable).toBe(0);
        });
      },
    );

    test("opens /v1 and /swagger of each service on its own host, and no other path", () => {
      const ingresses = ofKind<Ingress>(objects, "Ingress").filter((ingress) => !isPages(ingress));
      expect(new Set(ingresses.map(({ spec }) => spec.rules[0]?.host)).size).toBe(services.length);
      for (const { metadata, spec } of ingresses) {
        const backend = { service: { name: metadata.name, port: { name: "http" } } };
        expect(spec.defaultBackend).toBeUndefined();
        expect(spec.rules.map(({ http }) => http.paths)).toEqual([
          [
            { path: "/v1", pathType: "Prefix", backend },
            { path: "/swagger", pathType: "Prefix", backend },
          ],
        ]);
        // Contour ends an answer after 15 s, also an event stream. Production is written for no one controller.
        expect(metadata.annotations).toEqual(
          overlay === "kind" ? { "projectcontour.io/response-timeout": "infinity" } : undefined,
        );
      }
    });
  });

  test("production with pages serves them twice, from read-only files, on a host of their own", () => {
    const objects = rendered["production with pages"];
    const [workload, ...others] = workloadsOf(objects).filter(isPages);
    expect(others).toEqual([]);
    const { replicas, strategy, template } = workload?.spec ?? {};
    expect([replicas, strategy?.rollingUpdate?.maxUnavailable]).toEqual([2, 0]);
    const [container] = template?.spec.containers ?? [];
    expect(container?.image).toBe("registry.example/food-delivery/pages:1.0.0");
    expect(container?.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual(["/tmp"]);
    for (const probe of [container?.readinessProbe, container?.livenessProbe])
      expect(probe?.httpGet).toEqual({ path: "/health/live", port: "http" });
    const named = (kind: string) => ofKind(objects, kind).filter(isPages);
    for (const kind of ["Service", "ServiceAccount", "PodDisruptionBudget", "NetworkPolicy"])
      expect(named(kind)).toHaveLength(1);
    const [ingress] = ofKind<Ingress>(objects, "Ingress").filter(isPages);
    expect(ingress?.spec).toMatchObject({
      ingressClassName: "nginx",
      tls: [{ hosts: ["www.food.example"], secretName: "pages-certificate" }],
      rules: [{ host: "www.food.example", http: { paths: [{ path: "/", pathType: "Prefix" }] } }],
    });
  });

  test("production names its ingress controller", () => {
    const classes = ofKind<Ingress>(rendered.production, "Ingress").map(({ spec }) => spec.ingressClassName);
    expect(classes).toEqual(services.map(() => "nginx"));
  });

  test("production serves every host with TLS", () => {
    for (const { spec } of ofKind<Ingress>(rendered.production, "Ingress"))
      expect(spec.tls).toEqual([
        { hosts: spec.rules.map(({ host }) => host), secretName: expect.stringMatching(/-certificate$/) },
      ]);
  });

  test("each further signal of the autoscalers is a metric that the services export and the adapter passes on", async () => {
    const adapter = Bun.YAML.parse(await Bun.file(ADAPTER).text()) as {
      rules: { custom: { name: { as: string } }[] };
    };
    const passedOn = adapter.rules.custom.map(({ name }) => name.as);
    const scalers = ofKind<Autoscaler>(
      rendered["production with requests in flight"],
      "HorizontalPodAutoscaler",
    );
    expect(scalers).toHaveLength(services.length);
    for (const { spec } of scalers)
      expect(spec.metrics.map(({ pods }) => pods?.metric.name)).toEqual([undefined, ...passedOn]);
    for (const metric of passedOn)
      expect(createMetrics("test").registry.getSingleMetric(metric)).toBeDefined();
  });
});
