// What every pod keeps to: the restricted Pod Security Standard and this project's own rules.
import {
  type Container,
  type Manifest,
  type PodSpec,
  selects,
  type Workload,
  workloadsOf,
} from "./objects.ts";

const PINNED = /^[\w.:/-]+?:(\d+\.\d+\.\d+[\w.-]*)(@sha256:[0-9a-f]{64})?$/;
const SECRET = /PASSWORD|SECRET|KEY|TOKEN|(MONGODB|REDIS)_URL$/;
const HARMLESS_VOLUMES = [
  "configMap",
  "downwardAPI",
  "emptyDir",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const SPREAD_OVER = ["kubernetes.io/hostname", "topology.kubernetes.io/zone"];

/** A rule holds, or the fault is said. */
type Rule = [holds: boolean, fault: string];

const MEBIBYTES: Record<string, number> = { Mi: 1, Gi: 1024 };
const mebibytes = (quantity = "") =>
  Number.parseFloat(quantity) * (MEBIBYTES[quantity.slice(-2)] ?? Number.NaN);
export const cores = (quantity = "") => Number.parseFloat(quantity) / (quantity.endsWith("m") ? 1000 : 1);

function containerRules({
  image = "",
  securityContext = {},
  resources = {},
  env = [],
  ports = [],
}: Container): Rule[] {
  const { requests = {}, limits = {} } = resources;
  const literal = env.find(({ name, value }) => SECRET.test(name) && !name.endsWith("_FILE") && value);
  return [
    [PINNED.test(image), `${image} is not pinned: give an exact version`],
    [
      securityContext.allowPrivilegeEscalation === false,
      "may gain privileges: allowPrivilegeEscalation: false",
    ],
    [securityContext.capabilities?.drop?.includes("ALL") ?? false, "keeps capabilities: drop ALL"],
    [!securityContext.capabilities?.add && !securityContext.privileged, "is given privileges"],
    [securityContext.readOnlyRootFilesystem === true, "can write its files: readOnlyRootFilesystem: true"],
    [cores(requests.cpu) > 0 && mebibytes(requests.memory) > 0, "asks for nothing: give requests"],
    [
      cores(limits.cpu) >= cores(requests.cpu) && mebibytes(limits.memory) >= mebibytes(requests.memory),
      "may take the whole node: give limits, no lower than the requests",
    ],
    [!literal, `${literal?.name} stands in the manifest: give it as a file from a Secret`],
    [ports.every(({ hostPort }) => !hostPort), "listens on the node: no hostPort"],
  ];
}

function podRules(spec: PodSpec): Rule[] {
  const { runAsNonRoot, runAsUser, seccompProfile } = spec.securityContext ?? {};
  const users = [runAsUser, ...spec.containers.map(({ securityContext }) => securityContext?.runAsUser)];
  const kinds = (spec.volumes ?? []).flatMap((volume) => Object.keys(volume).filter((key) => key !== "name"));
  return [
    [runAsNonRoot === true && !users.includes(0), "may run as root: runAsNonRoot: true"],
    [JSON.stringify(seccompProfile) === '{"type":"RuntimeDefault"}', "makes any system call: seccompProfile"],
    [!spec.hostNetwork && !spec.hostPID && !spec.hostIPC, "shares the node's namespaces"],
    [kinds.every((kind) => HARMLESS_VOLUMES.includes(kind)), "mounts what is not its own"],
    [spec.automountServiceAccountToken === false, "is handed a token: automountServiceAccountToken: false"],
  ];
}

/** Services run as many: they are spread, and replaced without a gap. */
export function spreadRules({ spec }: Workload): Rule[] {
  const { labels } = spec.template.metadata;
  const over = (spec.template.spec.topologySpreadConstraints ?? [])
    .filter(
      ({ labelSelector = {} }) => Object.keys(labelSelector).length > 0 && selects(labelSelector, labels),
    )
    .map(({ topologyKey }) => topologyKey);
  return [
    [SPREAD_OVER.every((key) => over.includes(key)), "is not spread over nodes and zones"],
    [spec.strategy?.rollingUpdate?.maxUnavailable === 0, "has a gap while it is updated: maxUnavailable: 0"],
    [spec.replicas === undefined, "undoes what its autoscaler said: no replicas"],
  ];
}

export const faultsOf = (name: string, rules: Rule[]) =>
  rules.flatMap(([holds, fault]) => (holds ? [] : [`${name}: ${fault}`]));

export function podFaults(objects: Manifest[]): string[] {
  return workloadsOf(objects).flatMap(({ metadata, spec: { template } }) => {
    const containers = [...template.spec.containers, ...(template.spec.initContainers ?? [])];
    return faultsOf(metadata.name, [...podRules(template.spec), ...containers.flatMap(containerRules)]);
  });
}
