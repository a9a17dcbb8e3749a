// What the services and the objects around them keep to, beyond what each pod does.
import { STOP_MAX_MS } from "@food/shared/service/run";
import {
  environmentOf,
  type Manifest,
  ofKind,
  type Probe,
  podLabels,
  type Selector,
  selects,
  servicesOf,
  type Workload,
} from "./objects.ts";
import { faultsOf, podFaults, spreadRules } from "./pod-rules.ts";

interface Autoscaler {
  scaleTargetRef: { kind: string; name: string };
  minReplicas?: number;
  maxReplicas: number;
  behavior?: {
    scaleUp?: { stabilizationWindowSeconds?: number };
    scaleDown?: { stabilizationWindowSeconds?: number };
  };
}
interface Budget {
  selector: Selector;
  maxUnavailable?: number;
}
interface Service {
  selector: Record<string, string>;
  ports: { name: string; port: number; targetPort: string | number }[];
}
interface Ingress {
  defaultBackend?: unknown;
  rules: {
    host?: string;
    http: {
      paths: {
        path: string;
        pathType: string;
        backend: { service: { name: string; port: { name?: string } } };
      }[];
    };
  }[];
}

const PRIVATE = ["/internal", "/metrics", "/health"];
const patienceSeconds = ({ periodSeconds = 10, failureThreshold = 3 }: Probe = {}) =>
  periodSeconds * failureThreshold;
const isWithin = (path: string, parent: string) =>
  path === parent || path.startsWith(`${parent.replace(/\/$/, "")}/`);

function lifeFaults(objects: Manifest[], workload: Workload): string[] {
  const { metadata, spec } = workload;
  const pod = spec.template.spec;
  return pod.containers.flatMap((container) => {
    const { startupProbe, readinessProbe, livenessProbe, lifecycle } = container;
    const asked = [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet?.path);
    const delayMs = Number(environmentOf(objects, container).SHUTDOWN_DELAY_MS ?? 0);
    const preStopSeconds = lifecycle?.preStop?.sleep?.seconds ?? 0;
    const stopSeconds = preStopSeconds + (delayMs + STOP_MAX_MS) / 1000;
    return faultsOf(metadata.name, [
      [asked.join() === "/health/live,/health/ready,/health/live", "its probes do not ask what they are for"],
      [patienceSeconds(startupProbe) >= 20, "has no time to start"],
      [
        patienceSeconds(livenessProbe) >= 2 * patienceSeconds(readinessProbe),
        "is killed where it should only get no more work",
      ],
      [preStopSeconds >= 5, "stops before others know: preStop sleep"],
      [
        stopSeconds < (pod.terminationGracePeriodSeconds ?? 30),
        `is killed before its ${stopSeconds} s are over`,
      ],
    ]);
  });
}

function aroundFaults(objects: Manifest[], workload: Workload): string[] {
  const { name } = workload.metadata;
  const labels = podLabels(workload);
  const { serviceAccountName } = workload.spec.template.spec;
  const account = ofKind(objects, "ServiceAccount").find(
    ({ metadata }) => metadata.name === serviceAccountName,
  );
  const sharing = servicesOf(objects).filter(
    ({ spec }) => spec.template.spec.serviceAccountName === serviceAccountName,
  );
  const scalers = ofKind<Autoscaler>(objects, "HorizontalPodAutoscaler").filter(
    ({ spec: { scaleTargetRef: target } }) => target.kind === "Deployment" && target.name === name,
  );
  const scaler = scalers[0]?.spec;
  const { scaleUp, scaleDown } = scaler?.behavior ?? {};
  const budgets = ofKind<Budget>(objects, "PodDisruptionBudget").filter(({ spec }) =>
    selects(spec.selector, labels),
  );
  const doors = ofKind<Service>(objects, "Service").filter(({ spec }) =>
    selects({ matchLabels: spec.selector }, labels),
  );
  const ports = workload.spec.template.spec.containers.flatMap((container) => container.ports ?? []);
  const leadsIn = ({ spec }: Manifest<Service>) =>
    spec.ports.every(({ targetPort }) => ports.some((port) => port.name === targetPort));
  return faultsOf(name, [
    [selects(workload.spec.selector, labels), "does not select its own pods"],
    [account !== undefined && sharing.length === 1, "has no ServiceAccount of its own"],
    [scalers.length === 1, "needs one autoscaler"],
    [(scaler?.minReplicas ?? 1) >= 2 && (scaler?.maxReplicas ?? 0) > 2, "may stand alone: minReplicas: 2"],
    [scaleUp?.stabilizationWindowSeconds === 0, "waits before it scales up"],
    [(scaleDown?.stabilizationWindowSeconds ?? 0) >= 300, "scales down at once"],
    [budgets.length === 1 && budgets[0]?.spec.maxUnavailable === 1, "needs one budget that lets one pod go"],
    [doors.length === 1 && doors.every(leadsIn), "needs one Service that leads to its port"],
    ...spreadRules(workload),
  ]);
}

function ingressFaults(objects: Manifest[], controller?: string): string[] {
  return ofKind<Ingress>(objects, "Ingress").flatMap(({ metadata, spec }) => {
    const paths = spec.rules.flatMap(({ http }) => http.paths);
    const leadsSomewhere = paths.every(({ backend: { service } }) =>
      ofKind<Service>(objects, "Service").some(
        (door) =>
          door.metadata.name === service.name &&
          door.spec.ports.some(({ name }) => name === service.port.name),
      ),
    );
    const opens = (path: string) =>
      PRIVATE.some((closed) => isWithin(closed, path) || isWithin(path, closed));
    return faultsOf(`Ingress ${metadata.name}`, [
      [spec.rules.length === 1 && Boolean(spec.rules[0]?.host), "needs one host of its own"],
      [!spec.defaultBackend && !paths.some(({ path }) => opens(path)), "opens what is not for everybody"],
      [
        paths.every(({ pathType }) => pathType !== "ImplementationSpecific"),
        "means something else elsewhere",
      ],
      [
        Object.keys(metadata.annotations ?? {}).every(
          (key) => controller && key.startsWith(`${controller}/`),
        ),
        "is written for one controller",
      ],
      [leadsSomewhere, "leads nowhere"],
    ]);
  });
}

function wholeFaults(objects: Manifest[]): string[] {
  const [space, ...others] = ofKind(objects, "Namespace");
  const outside = objects.find(
    ({ kind, metadata }) => kind !== "Namespace" && metadata.namespace !== space?.metadata.name,
  );
  const hosts = ofKind<Ingress>(objects, "Ingress").flatMap(({ spec }) => spec.rules.map(({ host }) => host));
  const settings = ofKind(objects, "ConfigMap").flatMap(({ data = {} }) => Object.values(data));
  const level = space?.metadata.labels?.["pod-security.kubernetes.io/enforce"];
  const nobody = ofKind<{ podSelector: object; policyTypes: string[]; ingress?: unknown; egress?: unknown }>(
    objects,
    "NetworkPolicy",
  ).some(
    ({ spec }) =>
      Object.keys(spec.podSelector).length === 0 &&
      spec.policyTypes.join() === "Ingress,Egress" &&
      !spec.ingress &&
      !spec.egress,
  );
  return faultsOf("everything", [
    [level === "restricted" && others.length === 0, "the namespace enforces no pod security"],
    [!outside, `${outside?.kind}/${outside?.metadata.name} is in no or another namespace`],
    [nobody, "everybody may talk to everybody: deny by default, in and out"],
    [new Set(hosts).size === hosts.length, "two Ingresses share a host"],
    [ofKind(objects, "Secret").length === 0, "a Secret stands in the manifests"],
    [!settings.some((value) => /:\/\/[^/\s]*:[^/\s]*@|"d":/.test(value)), "a ConfigMap holds a secret"],
  ]);
}

/** Where the objects break this project's rules; one line for each fault. Secrets that a generator reads from files
 * that are not in the repository are to be left out. Ingresses may have annotations of one controller where it is said
 * which one serves them. */
export const ruleFaults = (objects: Manifest[], controller?: string): string[] => [
  ...podFaults(objects),
  ...servicesOf(objects).flatMap((workload) => [
    ...lifeFaults(objects, workload),
    ...aroundFaults(objects, workload),
  ]),
  ...ingressFaults(objects, controller),
  ...wholeFaults(objects),
];
