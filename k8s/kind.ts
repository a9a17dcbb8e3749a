// bun k8s/kind.ts [--keep]: runs the commands of README.md's "On a laptop", plays the journey through the ingress, holds an
// event stream there, and waits until the autoscaler adds a replica. Needs Docker, kind and kubectl. Deletes the cluster at
// the end; --keep leaves it.
import { join } from "node:path";
import { openRestaurant } from "../e2e/actors.ts";
import { orExit, readFlags } from "../tools/command-line.ts";
import { type ServiceName, services } from "../tools/services.ts";

const ROOT = join(import.meta.dir, "..");
const CLUSTER = "food-delivery";
const REPLICAS_MIN = 2;
const CLIENTS = 20;
const SCALED_WITHIN_MS = 300_000;
const EVERY_MS = 5_000;
/** Longer than two heartbeats, and than an ingress controller that bounds the whole answer allows. */
const STREAM_MS = 40_000;

const { keep } = orExit(() => readFlags(Bun.argv.slice(2), { keep: false }).flags);
const say = (line: string) => process.stdout.write(`${line}\n`);
const urls = Object.fromEntries(services.map(({ name }) => [name, `http://${name}.localhost`])) as Record<
  ServiceName,
  string
>;

async function run(command: string[], env: Record<string, string> = {}): Promise<void> {
  const child = Bun.spawn(command, {
    ...{ cwd: ROOT, env: { ...process.env, ...env } },
    stdio: ["ignore", "inherit", "inherit"],
  });
  if ((await child.exited) !== 0) throw new Error(`${command.slice(0, 2).join(" ")} failed`);
}

const kubectl = (...words: string[]) =>
  run(["kubectl", "--context", `kind-${CLUSTER}`, "-n", "food-delivery", ...words]);

async function readmeCommands(): Promise<string> {
  const readme = await Bun.file(join(import.meta.dir, "README.md")).text();
  const [, block] = /## On a laptop[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme) ?? [];
  if (!block) throw new Error('k8s/README.md has no commands under "On a laptop"');
  return block;
}

/** Follows a restaurant's orders. Throws when the event stream ends early, or sends nothing. */
async function holdStream(): Promise<void> {
  const { token } = await openRestaurant({ urls });
  const signal = AbortSignal.timeout(STREAM_MS);
  let received = 0;
  try {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${urls.restaurant}/v1/orders/events`, { headers, signal });
    if (answer.status !== 200) throw new Error(`The event stream was answered with ${answer.status}`);
    for await (const chunk of answer.body ?? []) received += chunk.length;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (!signal.aborted) throw new Error(`The event stream ended before ${STREAM_MS / 1000} s`);
  if (received === 0) throw new Error("The event stream sent nothing");
}

function readyReplicas(): number {
  const what = ["get", "deployment", "customer-service", "-o", "jsonpath={.status.readyReplicas}"];
  const { stdout } = Bun.spawnSync([
    "kubectl",
    "--context",
    `kind-${CLUSTER}`,
    "-n",
    "food-delivery",
    ...what,
  ]);
  return Number(stdout.toString() || 0);
}

/** Loads the customer service through the ingress. Throws when no replica is added in time. */
async function watchAutoscaler(): Promise<void> {
  const until = Date.now() + SCALED_WITHIN_MS;
  let scaled = false;
  const browse = async () => {
    while (!scaled && Date.now() < until)
      await fetch(`${urls.customer}/v1/restaurants`).then(
        (answer) => answer.text(),
        () => Bun.sleep(100),
      );
  };
  const watch = async () => {
    while (!scaled && Date.now() < until) {
      await Bun.sleep(EVERY_MS);
      scaled = readyReplicas() > REPLICAS_MIN;
    }
  };
  await Promise.all([watch(), ...Array.from({ length: CLIENTS }, browse)]);
  await kubectl("get", "hpa");
  if (!scaled) throw new Error(`The autoscaler added no replica within ${SCALED_WITHIN_MS / 1000} s`);
}

let failure: unknown;
try {
  await run(["bash", "-euxo", "pipefail", "-c", await readmeCommands()]);
  const variables = services.map(({ name }) => [`${name.toUpperCase()}_URL`, urls[name]]);
  await run([process.execPath, "run", "journey"], Object.fromEntries(variables));
  say("\nHolding an event stream through the ingress.");
  await holdStream();
  say("\nLoading the customer service until the autoscaler adds a replica.");
  await watchAutoscaler();
} catch (error) {
  failure = error;
  for (const words of [
    ["get", "pods"],
    ["get", "events"],
    ["logs", "-l", "app.kubernetes.io/component=service"],
  ])
    await kubectl(...words).catch(() => undefined);
}
if (!keep) await run(["kind", "delete", "cluster", "--name", CLUSTER]).catch(() => undefined);
say(failure ? `\nFailed: ${failure instanceof Error ? failure.message : failure}` : "\nPassed.");
process.exit(failure ? 1 : 0);
