// The policies allow exactly the documented calls.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { INTERNET } from "@food/shared/values/public-address";
import type { NetworkPolicySpec } from "kubernetes-types/networking/v1";
import { services } from "../../tools/services.ts";
import { type Endpoint, mayReach, podsOf } from "./network-policy.ts";
import { type Manifest, ofKind } from "./objects.ts";
import { OVERLAYS, type Overlay, renderAll, whyNotRendered } from "./render.ts";

const rendered = renderAll();
const why = whyNotRendered ? ` (${whyNotRendered})` : "";

const HTTP = 8080;
const PORTS = [22, 53, 80, 443, HTTP, 6379, 9090, 27017];
const names = services.map(({ name }) => name);

const elsewhere = (name: string, namespace: Record<string, string>, labels = {}): Endpoint => ({
  name,
  labels,
  namespace,
  ports: {},
});
/** Where webhooks go. */
const INTERNET_HOSTS: Endpoint[] = [
  { name: "internet", labels: {}, address: "93.184.215.14", ports: {} },
  { name: "internet over IPv6", labels: {}, address: "2606:4700:4700::1111", ports: {} },
];
const OTHERS: Endpoint[] = [
  elsewhere("ingress controller", {
    "kubernetes.io/metadata.name": "edge",
    "food-delivery/access": "ingress",
  }),
  elsewhere("prometheus", { "kubernetes.io/metadata.name": "monitoring", "food-delivery/access": "metrics" }),
  elsewhere("dns", { "kubernetes.io/metadata.name": "kube-system" }, { "k8s-app": "kube-dns" }),
  elsewhere(
    "control plane",
    { "kubernetes.io/metadata.name": "kube-system" },
    { component: "kube-apiserver" },
  ),
  elsewhere("another team", { "kubernetes.io/metadata.name": "shop" }, { "app.kubernetes.io/name": "order" }),
  { name: "stranger", labels: {}, ports: { http: HTTP } },
  { name: "database network", labels: {}, address: "10.20.30.40", ports: {} },
  ...INTERNET_HOSTS,
  ...["172.16.0.1", "169.254.169.254", "192.168.1.1", "fd00:ec2::254", "fe80::1"].map((address) => ({
    name: address,
    labels: {},
    address,
    ports: {},
  })),
];

/** The services whose URL a service's configuration asks for: it calls them, or fetches their keys. */
async function calledBy(service: string): Promise<string[]> {
  const path = `../../services/${service}/src/config.ts`;
  const { Config } = (await import(path)) as { Config: { properties: object } };
  return names.filter((name) => `${name.toUpperCase()}_URL` in Config.properties);
}

const databasesOf = (overlay: Overlay) =>
  overlay === "kind" ? ["mongodb:27017", "redis:6379"] : ["database network:27017", "database network:6379"];

async function documented(overlay: Overlay): Promise<string[]> {
  const calls: string[] = [];
  for (const service of names) {
    for (const callee of await calledBy(service)) calls.push(`${service} > ${callee}:${HTTP}`);
    for (const database of databasesOf(overlay)) calls.push(`${service} > ${database}`);
    for (const outside of ["ingress controller", "prometheus"]) calls.push(`${outside} > ${service}:${HTTP}`);
  }
  if (overlay === "production with pages") calls.push(`ingress controller > pages:${HTTP}`);
  for (const { name } of [...podsOf(rendered[overlay]), { name: "stranger" }])
    calls.push(`${name} > dns:53`, `${name} > dns:53/UDP`);
  for (const { name } of INTERNET_HOSTS) calls.push(`order > ${name}:443`);
  return calls.sort();
}

function allowed(objects: Manifest[]): string[] {
  const ours = podsOf(objects);
  const every = [...ours, ...OTHERS];
  const concernsUs = (one: Endpoint) => !one.namespace && !one.address;
  const calls = every.flatMap((source) =>
    every
      .filter((target) => source !== target && (concernsUs(source) || concernsUs(target)))
      .flatMap((target) =>
        PORTS.flatMap((port) => [
          ...(mayReach(objects, source, target, port) ? [`${source.name} > ${target.name}:${port}`] : []),
          ...(mayReach(objects, source, target, port, "UDP")
            ? [`${source.name} > ${target.name}:${port}/UDP`]
            : []),
        ]),
      ),
  );
  return calls.sort();
}

describe.skipIf(Boolean(whyNotRendered))(`the network policies${why}`, () => {
  test.each(OVERLAYS)("allow exactly the documented calls: %s", async (overlay) => {
    expect(allowed(rendered[overlay])).toEqual(await documented(overlay));
  });

  test("webhooks leave the cluster for public addresses alone, the same as the order service lets through", () => {
    const webhooks = ofKind<NetworkPolicySpec>(rendered.production, "NetworkPolicy").find(
      ({ metadata }) => metadata.name === "webhooks",
    );
    const blocks = webhooks?.spec.egress?.flatMap(({ to = [] }) => to.map(({ ipBlock }) => ipBlock));
    expect(blocks).toEqual([INTERNET.ipv4, INTERNET.ipv6]);
  });

  test.each(["deny-all", "order", "webhooks", "customer", "from-outside", "databases"])(
    "without the policy %s: the allowed calls differ",
    async (policy) => {
      const without = rendered.production.filter(
        ({ kind, metadata }) => kind !== "NetworkPolicy" || metadata.name !== policy,
      );
      expect(without).toHaveLength(rendered.production.length - 1);
      expect(allowed(without)).not.toEqual(await documented("production"));
    },
  );
});

test.each(names)("the README of %s names the services that it calls", async (service) => {
  const readme = await Bun.file(join(import.meta.dir, `../../services/${service}/README.md`)).text();
  const paragraph = /\*\*Calls\*\* ([\s\S]*?)\n\n/.exec(readme)?.[1] ?? "";
  const named = [...paragraph.matchAll(/\bthe (\w+)\sservice/g)].map(([, name = ""]) => name);
  const all = paragraph.includes("all three") ? names.filter((name) => name !== service) : [];
  expect([...new Set([...named, ...all])].sort()).toEqual((await calledBy(service)).sort());
});
