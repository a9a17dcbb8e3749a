// Kubernetes objects, with the fields that the checks read.

import type { Container, PodSpec } from "kubernetes-types/core/v1";
import type { LabelSelector } from "kubernetes-types/meta/v1";

export type Labels = Record<string, string>;
export type Selector = LabelSelector;

export interface Manifest<Spec = Record<string, unknown>> {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels; annotations?: Labels };
  data?: Labels;
  spec: Spec;
}

export interface WorkloadSpec {
  replicas?: number;
  selector: Selector;
  strategy?: { rollingUpdate?: { maxUnavailable?: number | string } };
  template: { metadata: { labels: Labels }; spec: PodSpec };
}

export type Workload = Manifest<WorkloadSpec>;

export const ofKind = <Spec>(objects: Manifest[], kind: string) =>
  objects.filter((object) => object.kind === kind) as unknown as Manifest<Spec>[];

export const workloadsOf = (objects: Manifest[]): Workload[] => [
  ...ofKind<WorkloadSpec>(objects, "Deployment"),
  ...ofKind<WorkloadSpec>(objects, "StatefulSet"),
];

/** The four services, and not their databases. */
export const servicesOf = (objects: Manifest[]): Workload[] =>
  workloadsOf(objects).filter(
    ({ metadata }) => metadata.labels?.["app.kubernetes.io/component"] === "service",
  );

/** The static pages, where an overlay has them. */
export const isPages = ({ metadata }: { metadata: { name: string } }) => metadata.name === "pages";

/** As the API server matches labels. Throws for an operator other than In. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      if (operator !== "In")
        throw new Error(`The operator ${operator} is not supported: add it to selects()`);
      return values.includes(labels[key] ?? "");
    })
  );
}

export const podLabels = (workload: Workload): Labels => workload.spec.template.metadata.labels;

/** A container's environment, from its own list and from ConfigMaps. */
export function environmentOf(objects: Manifest[], { env = [], envFrom = [] }: Container): Labels {
  const from = envFrom.map(
    ({ configMapRef }) =>
      ofKind(objects, "ConfigMap").find(({ metadata }) => metadata.name === configMapRef?.name)?.data ?? {},
  );
  const own = Object.fromEntries(env.map(({ name, value }) => [name, value ?? ""]));
  return Object.assign({}, ...from, own) as Labels;
}
