// bun k8s/kind.ts [--keep]: all of README.md's "On a laptop", then the journey and a long event stream through the ingress,
// and a look at the autoscaler at work. Needs Docker, kind and kubectl; takes the cluster down at the end unless told to keep it.
import { join } from "node:path";
import { type ServiceName, serviceNames, services } from "../tools/services.ts";
import { holdStream } from "./hold-stream.ts";

const ROOT = join(import.meta.dir, "..");
const CLUSTER = "food-delivery";
const CONTEXT = ["--context", `kind-${CLUSTER}`];
const OVERLAY = "k8s/overlays/kind";
const METRICS_SERVER =
  "https://github.com/kubernetes-sigs/metrics-server/releases/download/v0.8.0/components.yaml";
const CONTOUR =
  "https://raw.githubusercontent.com/projectcontour/contour/v1.33.8/examples/render/contour.yaml";
const INSECURE_KUBELET = `[{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--kubelet-insecure-tls"}]`;
/** What the autoscaler keeps at rest. */
const REPLICAS_MIN = 2;
const CALLERS = 20;
const SCALED_WITHIN_MS = 300_000;
const EVERY_MS = 5_000;

const say = (line: string) => process.stdout.write(`${line}\n`);
const urls = Object.fromEntries(services.map(({ name }) => [name, `http://${name}.localhost`])) as Record<
  ServiceName,
  string
>;
const variables = services.map(({ name }) => [`${name.toUpperCase()}_URL`, urls[name]]);

async function run(command: string[], env: Record<string, string> = {}): Promise<void> {
  say(`\n$ ${command.join(" ")}`);
  const stdio = ["ignore", "inherit", "inherit"] as const;
  const child = Bun.spawn(command, { cwd: ROOT, env: { ...process.env, ...env }, stdio: [...stdio] });
  if ((await child.exited) !== 0) throw new Error(`${command[0]} failed`);
}

const kubectl = (...words: string[]) => run(["kubectl", ...CONTEXT, ...words]);
const inNamespace = (...words: string[]) => kubectl("-n", "food-delivery", ...words);

async function createCluster(): Promise<void> {
  await run(["kind", "create", "cluster", "--config", `${OVERLAY}/cluster.yaml`, "--wait", "2m"]);
  await kubectl("apply", "-f", METRICS_SERVER);
  const patch = ["patch", "deployment", "metrics-server", "--type", "json", "-p", INSECURE_KUBELET];
  await kubectl("-n", "kube-system", ...patch);
  await kubectl("apply", "-f", CONTOUR);
  await kubectl("label", "namespace", "projectcontour", "food-delivery/access=ingress");
}

async function deploy(): Promise<void> {
  for (const service of serviceNames) {
    const image = `food-delivery/${service}:1.0.0`;
    const build = ["-f", "docker/Dockerfile", "--build-arg", `SERVICE=${service}`, "-t", image, "."];
    await run(["docker", "build", ...build]);
    await run(["kind", "load", "docker-image", "--name", CLUSTER, image]);
  }
  await run([process.execPath, "docker/make-secrets.ts", `${OVERLAY}/secrets`]);
  await kubectl("apply", "-k", OVERLAY);
  await inNamespace("rollout", "status", "statefulset", "mongodb", "--timeout", "5m");
  await inNamespace("wait", "deployment", "--all", "--for", "condition=Available", "--timeout", "5m");
  await kubectl("-n", "projectcontour", "rollout", "status", "deployment", "contour", "--timeout", "5m");
  await kubectl("-n", "projectcontour", "rollout", "status", "daemonset", "envoy", "--timeout", "5m");
  await kubectl("-n", "kube-system", "rollout", "status", "deployment", "metrics-server", "--timeout", "5m");
}

function readyReplicas(): number {
  const what = ["get", "deployment", "customer-service", "-o", "jsonpath={.status.readyReplicas}"];
  const { stdout } = Bun.spawnSync(["kubectl", ...CONTEXT, "-n", "food-delivery", ...what]);
  return Number(stdout.toString() || 0);
}

/** Browses through the ingress until there are more replicas than at rest. Throws when there never are. */
async function watchAutoscaler(): Promise<void> {
  const counts = new Map<string, number>();
  const until = Date.now() + SCALED_WITHIN_MS;
  let scaled = false;
  async function browse(): Promise<void> {
    while (!scaled && Date.now() < until) {
      const outcome = await fetch("http://customer.localhost/v1/restaurants").then(
        ({ status }) => String(status),
        () => "no answer",
      );
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  }
  async function watch(): Promise<void> {
    while (!scaled && Date.now() < until) {
      await Bun.sleep(EVERY_MS);
      scaled = readyReplicas() > REPLICAS_MIN;
    }
  }
  say(`\nThe customer service has ${readyReplicas()} replicas. ${CALLERS} callers browse.`);
  await Promise.all([watch(), ...Array.from({ length: CALLERS }, browse)]);
  say(`Now it has ${readyReplicas()}. Answers: ${JSON.stringify(Object.fromEntries(counts))}`);
  await inNamespace("get", "hpa");
  if (!scaled) throw new Error("The autoscaler has not acted");
}

let failure: unknown;
try {
  await createCluster();
  await deploy();
  await run([process.execPath, "run", "journey"], Object.fromEntries(variables));
  say("\nA restaurant follows its orders for longer than an ingress controller waits for an answer's end.");
  await holdStream(urls);
  await watchAutoscaler();
} catch (error) {
  failure = error;
  await kubectl("get", "pods", "--all-namespaces").catch(() => undefined);
  await inNamespace("get", "events", "--sort-by", ".lastTimestamp").catch(() => undefined);
  await inNamespace("logs", "--selector", "app.kubernetes.io/component=service", "--prefix").catch(
    () => undefined,
  );
}
if (!process.argv.includes("--keep")) await run(["kind", "delete", "cluster", "--name", CLUSTER]);
say(failure ? `\nFailed: ${failure instanceof Error ? failure.message : failure}` : "\nAll of it works.");
process.exit(failure ? 1 : 0);
