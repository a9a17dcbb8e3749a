// The connections that the network policies allow (Kubernetes, "Network Policies"): both ends must allow a connection, and
// a pod that no policy selects for a direction is not restricted in it.
import { isIPv6 } from "node:net";
import { subnetList } from "@food/shared/values/subnets";
import type {
  IPBlock,
  NetworkPolicySpec,
  NetworkPolicyPeer as Peer,
  NetworkPolicyPort as Port,
} from "kubernetes-types/networking/v1";
import { type Labels, type Manifest, ofKind, podLabels, selects, workloadsOf } from "./objects.ts";

/** A pod of ours, a pod of another namespace, or an address outside the cluster. */
export interface Endpoint {
  name: string;
  labels: Labels;
  /** The labels of its namespace; undefined for ours. */
  namespace?: Labels;
  address?: string;
  /** By name. */
  ports: Record<string, number>;
}

export const podsOf = (objects: Manifest[]): Endpoint[] =>
  workloadsOf(objects).map((workload) => ({
    name: podLabels(workload)["app.kubernetes.io/name"] ?? "",
    labels: podLabels(workload),
    ports: Object.fromEntries(
      workload.spec.template.spec.containers.flatMap(({ ports = [] }) =>
        ports.map(({ name, containerPort }) => [name, containerPort]),
      ),
    ),
  }));

const isOurs = ({ namespace, address }: Endpoint) => !namespace && !address;

const isInside = (address: string, subnets: string[]) =>
  subnetList(subnets).check(address, isIPv6(address) ? "ipv6" : "ipv4");

const isInBlock = (address: string, { cidr, except = [] }: IPBlock) =>
  isInside(address, [cidr]) && !isInside(address, except);

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, endpoint: Endpoint): boolean {
  if (ipBlock) return endpoint.address !== undefined && isInBlock(endpoint.address, ipBlock);
  if (endpoint.address) return false;
  if (
    namespaceSelector
      ? !endpoint.namespace || !selects(namespaceSelector, endpoint.namespace)
      : endpoint.namespace
  )
    return false;
  return !podSelector || selects(podSelector, endpoint.labels);
}

function opens(ports: Port[] | undefined, target: Endpoint, port: number, protocol: string): boolean {
  const numberOf = (given: Port["port"]) => (typeof given === "number" ? given : target.ports[given ?? ""]);
  return !ports || ports.some((one) => numberOf(one.port) === port && (one.protocol ?? "TCP") === protocol);
}

/** Whether the source may open a connection to that port of the target. */
export function mayReach(
  objects: Manifest[],
  source: Endpoint,
  target: Endpoint,
  port: number,
  protocol = "TCP",
) {
  const policies = ofKind<NetworkPolicySpec>(objects, "NetworkPolicy").map(({ spec }) => spec);
  const over = (endpoint: Endpoint, type: "Ingress" | "Egress") =>
    policies.filter(
      ({ podSelector, policyTypes = [] }) =>
        policyTypes.includes(type) && selects(podSelector, endpoint.labels),
    );
  const leaves = over(source, "Egress").some(({ egress = [] }) =>
    egress.some(
      ({ to, ports }) =>
        (!to || to.some((peer) => isPeer(peer, target))) && opens(ports, target, port, protocol),
    ),
  );
  const enters = over(target, "Ingress").some(({ ingress = [] }) =>
    ingress.some(
      ({ from, ports }) =>
        (!from || from.some((peer) => isPeer(peer, source))) && opens(ports, target, port, protocol),
    ),
  );
  const leavesFreely = !isOurs(source) || over(source, "Egress").length === 0;
  const entersFreely = !isOurs(target) || over(target, "Ingress").length === 0;
  return (leavesFreely || leaves) && (entersFreely || enters);
}
