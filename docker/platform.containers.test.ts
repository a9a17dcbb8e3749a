// The images and compose.yaml on a real engine: built, started, killed, restarted, looked at from outside, and stopped.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Order } from "@food/shared/contracts/order";
import { type Answer, eventually } from "@food/shared/testing/tools";
import { courierOnDuty, type Eater, expectStatus, newCustomer, openRestaurant } from "../e2e/actors.ts";
import { playOrder } from "../e2e/dinner.ts";
import { type ServiceName, serviceNames } from "../tools/services.ts";
import { bytesOf, compose, Project } from "./local/compose.ts";
import { type Disk, holdDisk, SMALL_DISK } from "./local/disk.ts";
import { type Engine, findEngine } from "./local/engine.ts";
import { imagesOrSubstitutes } from "./local/images.ts";
import { confinementOf, limitsOf, processesOf } from "./local/processes.ts";

const ROOT = join(import.meta.dir, "..");
const START_MS = 300_000;
const TEST_MS = 180_000;
const MOST_IMAGE_BYTES = 145_000_000;
const NAME = `food-delivery-test-${crypto.randomUUID().slice(0, 8)}`;
const SERVERS = Object.keys(compose.services).filter((name) => compose.services[name]?.healthcheck);

const engine = await findEngine();
if (typeof engine === "string") test.skipIf(true)(`the platform in containers (${engine})`, () => undefined);
else describe("the platform in containers", () => inContainers(engine));

function inContainers(engine: Engine): void {
  const { docker } = engine;
  const tagOf = (name: string) => `${NAME}/${name}`;
  let project: Project;
  let disk: Disk;
  let urls: Record<ServiceName, string>;
  let imageOf: Record<string, string> = {};
  const inspect = async (name: string, format: string) =>
    JSON.parse(await docker("inspect", "--format", `{{json ${format}}}`, project.nameOf(name)));

  const shell = () => imageOf[compose.services.redis?.image ?? ""] ?? "";

  async function build(service: string): Promise<void> {
    const bases = Object.entries({ BUILDER: "oven/bun:", RUNTIME: "gcr.io/distroless/" }).map(
      ([argument, start]) =>
        `${argument}=${Object.entries(imageOf).find(([name]) => name.startsWith(start))?.[1]}`,
    );
    const settings = [...bases, `SERVICE=${service}`].flatMap((setting) => ["--build-arg", setting]);
    const file = join(import.meta.dir, "Dockerfile");
    // The packages come over the network of this machine, whatever names it resolves.
    await docker("build", "--network=host", "--file", file, ...settings, "--tag", tagOf(service), ROOT);
  }

  beforeAll(async () => {
    imageOf = await imagesOrSubstitutes(engine, tagOf);
    await Promise.all(serviceNames.map(build));
    for (const service of serviceNames) imageOf[`food-delivery-${service}:local`] = tagOf(service);
    project = new Project(engine, NAME, imageOf, { "mongodb-data": SMALL_DISK });
    await project.start();
    disk = await holdDisk(engine, project.nameOf("mongodb-data"), shell());
    urls = Object.fromEntries(
      serviceNames.map((name) => [name, `http://127.0.0.1:${project.ports.get(name)}`]),
    ) as typeof urls;
  }, START_MS);
  afterAll(async () => {
    await disk?.release();
    await project?.remove();
    const made = Object.values(imageOf).filter((name) => name.startsWith(NAME));
    await docker("image", "rm", "--force", ...made);
  }, TEST_MS);

  test(
    "plays the journey",
    async () => {
      const env = Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
      const journey = Bun.spawn([process.execPath, "e2e/play-journey.ts"], {
        cwd: ROOT,
        env: { ...process.env, ...Object.fromEntries(env) },
        stdout: "pipe",
        stderr: "pipe",
      });
      const complaint = await new Response(journey.stderr).text();
      expect([await journey.exited, complaint]).toEqual([0, expect.stringContaining(" 0 fail")]);
    },
    TEST_MS,
  );

  /** Sends it until a service answers, as clients do when a process dies. */
  const insist = <T>(send: () => Promise<Answer<T>>): Promise<Answer<T>> =>
    eventually(async () => {
      const answer = await send().catch(() => undefined);
      return answer && answer.status < 500 && answer;
    });

  /** From outside the container: within, process 1 is safe from signals. */
  async function kill(name: string): Promise<void> {
    const [pid, restarts] = [await inspect(name, ".State.Pid"), await inspect(name, ".RestartCount")];
    const outside = ["--rm", "--pid=host", "--network=none", "--entrypoint=/bin/sh"];
    await docker("run", ...outside, shell(), "-c", `kill -9 ${pid}`);
    await eventually(async () => (await inspect(name, ".RestartCount")) > restarts);
  }

  async function isReady(service: ServiceName): Promise<void> {
    const ask = () =>
      fetch(`${urls[service]}/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      );
    await eventually(ask);
  }

  test(
    "loses no order when each container is killed and the databases are restarted, under load",
    async () => {
      const restaurant = await openRestaurant({ urls });
      const customers = await Promise.all(Array.from({ length: 3 }, () => newCustomer({ urls })));
      const couriers = [await courierOnDuty({ urls })];
      const [first] = customers as [Eater];
      const open = await insist(() => first.order(restaurant));
      const placed: { order: Order; customer: Eater }[] = [];
      let over = false;
      const ordering = customers.map(async (customer) => {
        while (!over) {
          const key = crypto.randomUUID();
          const { status, body: order } = await insist(() => customer.order(restaurant, key));
          if (status !== 201) throw new Error(`Placing answered ${status}: ${JSON.stringify(order)}`);
          placed.push({ order, customer });
          await insist(() => customer.send(`POST /v1/orders/${order.orderId}/cancel`));
        }
      });
      for (const service of serviceNames as ServiceName[]) {
        await kill(service);
        await isReady(service);
      }
      await kill("mongodb");
      await project.healthy("mongodb");
      await docker("restart", project.nameOf("mongodb"), project.nameOf("redis"));
      for (const name of SERVERS) await project.healthy(name);
      over = true;
      await Promise.all(ordering);

      expect(placed.length).toBeGreaterThan(10);
      for (const { order, customer } of placed)
        expect(await insist(() => customer.send(`GET /v1/orders/${order.orderId}`))).toMatchObject({
          status: 200,
          body: { status: "cancelled", totalCents: order.totalCents },
        });
      for (const service of serviceNames as ServiceName[]) await isReady(service);
      await playOrder({ restaurant, customer: first, couriers }, open.body);
    },
    TEST_MS,
  );

  test(
    "loses no order while MongoDB's disk is full, shows menus, and works again when there is room",
    async () => {
      const [restaurant, customer] = [await openRestaurant({ urls }), await newCustomer({ urls })];
      const menu = () => fetch(`${urls.restaurant}/v1/restaurants/${restaurant.id}/menu`);
      expect((await menu()).status).toBe(200);
      const placed: string[] = [];
      const placedOne = async () => {
        const answer = await customer.order(restaurant, crypto.randomUUID());
        if (answer.status !== 201) return answer;
        placed.push(answer.body.orderId);
        await customer.send(`POST /v1/orders/${answer.body.orderId}/cancel`).catch(() => undefined);
        return answer;
      };

      for (let i = 0; i < 3; i++) expectStatus(await placedOne(), 201);
      await disk.fill();
      const refused = await eventually(async () => {
        const answer = await placedOne();
        return answer.status !== 201 && answer;
      });
      expect(refused).toMatchObject({ status: 503, body: { code: expect.stringMatching(/UNAVAILABLE/) } });
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect((await menu()).status).toBe(200);

      await disk.empty();
      await project.healthy("mongodb");
      for (const service of serviceNames as ServiceName[]) await isReady(service);
      expect(await eventually(async () => (await placedOne()).status === 201)).toBe(true);
      for (const orderId of placed)
        expect(await insist(() => customer.send(`GET /v1/orders/${orderId}`))).toMatchObject({ status: 200 });
    },
    TEST_MS,
  );

  describe.each(SERVERS)("%s", (name) => {
    const service = compose.services[name];

    test("runs every process as its user, without a capability, on a read-only root", async () => {
      const processes = await processesOf(engine, project.nameOf(name));
      const confined = processes.map(confinementOf).filter((one) => one !== undefined);
      expect(confined.length).toBeGreaterThan(0);
      for (const { uids, capabilities, ...rest } of confined) {
        expect(uids).not.toContain(0);
        expect(new Set(capabilities)).toEqual(new Set(["0000000000000000"]));
        expect(rest).toEqual({ noNewPrivileges: true, seccomp: 2, rootIsReadOnly: true });
      }
    });

    test("has written nothing but to its tmpfs and volumes", async () => {
      const mounts: { Destination: string }[] = await inspect(name, ".Mounts");
      const own = [...mounts.map(({ Destination }) => Destination), ...(service?.tmpfs ?? [])];
      const changes = (await docker("diff", project.nameOf(name))).split("\n").filter(Boolean);
      // The engine makes the folders in which it mounts.
      const written = changes.filter((line) => !own.some((path) => path.startsWith(line.slice(2))));
      expect(written).toEqual([]);
    });

    test("has the limits of compose.yaml in force", async () => {
      const { memory = "", pids } = service?.deploy.resources.limits ?? {};
      expect(limitsOf(await inspect(name, ".State.Pid"))).toEqual({
        memoryBytes: bytesOf(memory),
        processes: Number(pids),
      });
      expect(await inspect(name, ".State.OOMKilled")).toBe(false);
    });

    test("is reached on loopback alone, or not at all", async () => {
      const published: Record<string, { HostIp: string }[] | null> = await inspect(
        name,
        ".NetworkSettings.Ports",
      );
      const addresses = Object.values(published).flatMap((places) => places ?? []);
      expect(addresses.map(({ HostIp }) => HostIp)).toEqual(service?.ports ? ["127.0.0.1"] : []);
    });
  });

  test("root runs one container alone, which makes the secrets and ends", async () => {
    const states = Object.keys(compose.services).map(
      async (name) =>
        [name, await inspect(name, ".Config.User"), await inspect(name, ".State.Running")] as const,
    );
    const asRoot = (await Promise.all(states)).filter(([, user]) => /^(0|root)?(:|$)/.test(user));
    expect(asRoot).toEqual([["secrets", "0:0", false]]);
  });

  test.each(serviceNames)("the image of %s is small, and has no shell", async (name) => {
    const size = Number(await docker("image", "inspect", "--format", "{{.Size}}", tagOf(name)));
    expect(size).toBeLessThan(MOST_IMAGE_BYTES);
    expect(docker("cp", `${project.nameOf(name)}:/bin/sh`, "-")).rejects.toThrow(/no such|not find/i);
  });

  /** A file as the engine sees it inside, without its header in the archive. */
  const readIn = async (name: string, path: string): Promise<string> =>
    (await docker("cp", "--follow-link", `${project.nameOf(name)}:${path}`, "-"))
      .slice(512)
      .replace(/\0+$/, "");

  test(
    "no secret is in an image, in a container's settings, or in a log",
    async () => {
      const secrets: string[] = [await readIn("mongodb", "/run/secrets/root-password")];
      for (const name of serviceNames) {
        for (const url of ["mongodb-url", "redis-url"])
          secrets.push(new URL(await readIn(name, `/run/secrets/${url}`)).password);
        secrets.push(JSON.parse(await readIn(name, "/run/secrets/signing-key")).d);
      }
      const texts = Object.keys(compose.services).map(async (name) => {
        const container = project.nameOf(name);
        const image = await inspect(name, ".Image");
        return [
          await docker("inspect", container, image),
          await docker("history", "--no-trunc", image),
          await engine.logsOf(container),
        ].join("\n");
      });
      const seen = (await Promise.all(texts)).join("\n");
      expect(seen).toContain('"msg":"Listening"');
      expect(secrets.filter((secret) => !(secret.length > 40))).toEqual([]);
      expect(secrets.filter((secret) => seen.includes(secret))).toEqual([]);
    },
    TEST_MS,
  );

  test(
    "ends within the grace period on SIGTERM, with exit code 0",
    async () => {
      const stop = async (names: string[]) => {
        await Promise.all(names.map((name) => docker("stop", project.nameOf(name))));
        return Promise.all(names.map((name) => inspect(name, ".State.ExitCode")));
      };
      expect(await stop(serviceNames)).toEqual([0, 0, 0, 0]);
      expect(await stop(["mongodb", "redis"])).toEqual([0, 0]);
    },
    TEST_MS,
  );
}
