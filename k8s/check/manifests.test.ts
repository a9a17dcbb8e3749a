// Every overlay, rendered, against Kubernetes' own schema and this project's rules; each rule with a fault that it finds.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createMetrics } from "@food/shared/observe/metrics";
import { services } from "../../tools/services.ts";
import { type Manifest, ofKind, servicesOf } from "./objects.ts";
import { ruleFaults } from "./platform-rules.ts";
import { OVERLAYS, renderAll, whyNotRendered } from "./render.ts";
import { schemaFaults } from "./schema.ts";

const rendered = renderAll();
const ADAPTER = join(import.meta.dir, "../components/requests-in-flight/prometheus-adapter.yaml");
const why = whyNotRendered ? ` (${whyNotRendered})` : "";
const withoutSecrets = (objects: Manifest[]) => objects.filter(({ kind }) => kind !== "Secret");

/** The production overlay with one value changed, or taken out. Throws when there is nothing to change. */
function planted(at: string, path: string, value: unknown): Manifest[] {
  const objects = structuredClone(rendered.production);
  const [kind, name] = at.split("/");
  let parent: unknown = objects.find(
    (object) => object.kind === kind && object.metadata.name.replace(/-[a-z0-9]{10}$/, "") === name,
  );
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  for (const key of keys) parent = (parent as Record<string, unknown>)[key];
  if (typeof parent !== "object" || parent === null) throw new Error(`Not there: ${at} ${path}`);
  if (value === undefined) delete (parent as Record<string, unknown>)[last];
  else (parent as Record<string, unknown>)[last] = value;
  return objects;
}

const DEPLOYMENT = "Deployment/order-service";
const POD = "spec/template/spec";
const CONTAINER = `${POD}/containers/0`;

describe.skipIf(Boolean(whyNotRendered))(`the manifests${why}`, () => {
  test.each(OVERLAYS)("are what Kubernetes understands: %s", (overlay) => {
    expect(schemaFaults(rendered[overlay])).toEqual([]);
  });

  test.each(OVERLAYS)("break no rule: %s", (overlay) => {
    const objects = rendered[overlay];
    expect(servicesOf(objects)).toHaveLength(services.length);
    const faults =
      overlay === "kind" ? ruleFaults(withoutSecrets(objects), "projectcontour.io") : ruleFaults(objects);
    expect(faults).toEqual([]);
  });

  test("leave event streams open at the laptop's ingress controller, which ends other answers after 15 s", () => {
    for (const { metadata } of ofKind(rendered.kind, "Ingress"))
      expect(metadata.annotations).toEqual({ "projectcontour.io/response-timeout": "infinity" });
  });

  test("say which ingress controller production is served by", () => {
    const doors = ofKind<{ ingressClassName?: string }>(rendered.production, "Ingress");
    expect(doors.map(({ spec }) => spec.ingressClassName)).toEqual(services.map(() => "nginx"));
  });

  test("every further signal is one that the services export and the adapter passes on", async () => {
    const adapter = Bun.YAML.parse(await Bun.file(ADAPTER).text()) as {
      rules: { custom: { name: { as: string } }[] };
    };
    const passedOn = adapter.rules.custom.map(({ name }) => name.as);
    const scalers = ofKind<{ metrics: { pods?: { metric: { name: string } } }[] }>(
      rendered["production with requests in flight"],
      "HorizontalPodAutoscaler",
    );
    expect(scalers).toHaveLength(services.length);
    for (const { spec } of scalers) {
      expect(spec.metrics.map(({ pods }) => pods?.metric.name)).toEqual([undefined, ...passedOn]);
      for (const metric of passedOn)
        expect(createMetrics("test").registry.getSingleMetric(metric)).toBeDefined();
    }
  });

  test("may not have a field that Kubernetes does not know, nor a wrong type", () => {
    expect(schemaFaults(planted(DEPLOYMENT, `${CONTAINER}/livenessprobe`, {})).join()).toContain(
      "livenessprobe",
    );
    expect(schemaFaults(planted(DEPLOYMENT, "spec/replicas", "two")).join()).toContain("must be integer");
    expect(schemaFaults(planted(DEPLOYMENT, "apiVersion", "apps/v1beta2")).join()).toContain(
      "not in the schema",
    );
  });

  test.each([
    ["not pinned", DEPLOYMENT, `${CONTAINER}/image`, "food-delivery/order:latest"],
    ["not pinned", DEPLOYMENT, `${CONTAINER}/image`, "food-delivery/order"],
    ["may gain privileges", DEPLOYMENT, `${CONTAINER}/securityContext/allowPrivilegeEscalation`, true],
    ["keeps capabilities", DEPLOYMENT, `${CONTAINER}/securityContext/capabilities/drop`, ["KILL"]],
    ["is given privileges", DEPLOYMENT, `${CONTAINER}/securityContext/capabilities/add`, ["NET_ADMIN"]],
    ["is given privileges", DEPLOYMENT, `${CONTAINER}/securityContext/privileged`, true],
    ["can write its files", DEPLOYMENT, `${CONTAINER}/securityContext/readOnlyRootFilesystem`, undefined],
    ["asks for nothing", DEPLOYMENT, `${CONTAINER}/resources/requests`, undefined],
    ["may take the whole node", DEPLOYMENT, `${CONTAINER}/resources/limits`, undefined],
    ["may take the whole node", DEPLOYMENT, `${CONTAINER}/resources/limits/memory`, "64Mi"],
    [
      "SIGNING_KEY stands in the manifest",
      DEPLOYMENT,
      `${CONTAINER}/env/0`,
      { name: "SIGNING_KEY", value: "{}" },
    ],
    ["listens on the node", DEPLOYMENT, `${CONTAINER}/ports/0/hostPort`, 8080],
    ["may run as root", DEPLOYMENT, `${POD}/securityContext/runAsNonRoot`, undefined],
    ["may run as root", DEPLOYMENT, `${CONTAINER}/securityContext/runAsUser`, 0],
    ["makes any system call", DEPLOYMENT, `${POD}/securityContext/seccompProfile/type`, "Unconfined"],
    ["shares the node's namespaces", DEPLOYMENT, `${POD}/hostNetwork`, true],
    [
      "mounts what is not its own",
      DEPLOYMENT,
      `${POD}/volumes/0`,
      { name: "secrets", hostPath: { path: "/" } },
    ],
    ["is handed a token", DEPLOYMENT, `${POD}/automountServiceAccountToken`, undefined],
    ["is not spread", DEPLOYMENT, `${POD}/topologySpreadConstraints/0`, {}],
    ["is not spread", DEPLOYMENT, `${POD}/topologySpreadConstraints/1/labelSelector`, {}],
    ["has a gap", DEPLOYMENT, "spec/strategy/rollingUpdate/maxUnavailable", 1],
    ["undoes what its autoscaler said", DEPLOYMENT, "spec/replicas", 2],
    ["its probes do not ask", DEPLOYMENT, `${CONTAINER}/readinessProbe/httpGet/path`, "/health/live"],
    ["its probes do not ask", DEPLOYMENT, `${CONTAINER}/livenessProbe/httpGet/path`, "/health/ready"],
    ["its probes do not ask", DEPLOYMENT, `${CONTAINER}/startupProbe`, undefined],
    ["has no time to start", DEPLOYMENT, `${CONTAINER}/startupProbe/failureThreshold`, 3],
    ["is killed where it should only", DEPLOYMENT, `${CONTAINER}/livenessProbe/periodSeconds`, 1],
    ["stops before others know", DEPLOYMENT, `${CONTAINER}/lifecycle`, undefined],
    ["is killed before its 23 s", DEPLOYMENT, `${POD}/terminationGracePeriodSeconds`, 20],
    ["no ServiceAccount of its own", DEPLOYMENT, `${POD}/serviceAccountName`, "customer-service"],
    ["does not select its own pods", DEPLOYMENT, "spec/selector/matchLabels/x", "y"],
    ["needs one autoscaler", "HorizontalPodAutoscaler/order-service", "spec/scaleTargetRef/name", "orders"],
    ["may stand alone", "HorizontalPodAutoscaler/order-service", "spec/minReplicas", 1],
    [
      "waits before it scales up",
      "HorizontalPodAutoscaler/order-service",
      "spec/behavior/scaleUp",
      undefined,
    ],
    ["scales down at once", "HorizontalPodAutoscaler/order-service", "spec/behavior/scaleDown", undefined],
    ["needs one budget", "PodDisruptionBudget/order-service", "spec/selector/matchLabels/x", "y"],
    ["needs one budget", "PodDisruptionBudget/order-service", "spec/maxUnavailable", 0],
    ["needs one Service", "Service/order-service", "spec/ports/0/targetPort", "web"],
    ["needs one Service", "Service/order-service", "spec/selector/x", "y"],
    ["opens what is not for everybody", "Ingress/order-service", "spec/rules/0/http/paths/0/path", "/"],
    [
      "opens what is not for everybody",
      "Ingress/order-service",
      "spec/rules/0/http/paths/0/path",
      "/internal",
    ],
    [
      "opens what is not for everybody",
      "Ingress/order-service",
      "spec/rules/0/http/paths/0/path",
      "/metrics",
    ],
    ["opens what is not", "Ingress/order-service", "spec/rules/0/http/paths/0/path", "/health/ready"],
    ["opens what is not for everybody", "Ingress/order-service", "spec/defaultBackend", {}],
    [
      "means something",
      "Ingress/order-service",
      "spec/rules/0/http/paths/0/pathType",
      "ImplementationSpecific",
    ],
    ["leads nowhere", "Ingress/order-service", "spec/rules/0/http/paths/0/backend/service/name", "orders"],
    ["needs one host", "Ingress/order-service", "spec/rules/0/host", undefined],
    ["share a host", "Ingress/order-service", "spec/rules/0/host", "customer.food.example"],
    ["written for one controller", "Ingress/order-service", "metadata/annotations", { "nginx.org/x": "y" }],
    ["enforces no pod security", "Namespace/food-delivery", "metadata/labels", {}],
    ["is in no or another namespace", "Service/order-service", "metadata/namespace", undefined],
    ["everybody may talk to everybody", "NetworkPolicy/nobody", "spec/egress", [{}]],
    ["a ConfigMap holds a secret", "ConfigMap/platform", "data/X", "redis://order:abc@redis:6379"],
    ["a Secret stands in the manifests", "ServiceAccount/order-service", "kind", "Secret"],
  ])("is found out: %s (%s, %s)", (fault, at, path, value) => {
    expect(ruleFaults(planted(at, path, value)).join("\n")).toContain(fault);
  });
});
