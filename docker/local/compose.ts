// Starts what compose.yaml says without `docker compose`: a translation of the keys that it uses to the engine's API. It
// throws on any other key. Every name begins with the project's, and the ports are free ones: nothing meets a platform
// that runs on this machine.
import { join, resolve } from "node:path";
import { eventually } from "@food/shared/testing/tools";
import { freePort } from "../../tools/free-port.ts";
import type { Engine } from "./engine.ts";

interface Service {
  image: string;
  build?: object;
  command?: string[];
  user: string;
  read_only: boolean;
  cap_drop: string[];
  security_opt: string[];
  restart?: string;
  logging?: { driver: string; options: Record<string, string> };
  network_mode?: string;
  networks?: string[];
  depends_on?: Record<string, { condition: "service_completed_successfully" | "service_healthy" }>;
  stop_grace_period?: string;
  tmpfs?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  healthcheck?: Record<"interval" | "timeout" | "start_period" | "start_interval", string> & {
    test: string[];
    retries: number;
  };
  profiles?: string[];
  deploy: {
    resources: {
      limits: { cpus: string; memory: string; pids: number };
      reservations?: { memory: string };
    };
  };
}
interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean } | null>;
  volumes: Record<string, null>;
}

const KEYS =
  "image build command user read_only cap_drop security_opt restart logging network_mode networks depends_on " +
  "stop_grace_period tmpfs volumes environment ports healthcheck deploy";
const FOLDER = join(import.meta.dir, "..");
const HEALTHY_WITHIN_MS = 90_000;

/** With each `${NAME:-fallback}` replaced. */
const filledIn = (value: unknown) =>
  String(value).replace(
    /\$\{(\w+):-([^}]*)\}/g,
    (_, name: string, fallback: string) => Bun.env[name] || fallback,
  );

const whole = Bun.YAML.parse(await Bun.file(join(FOLDER, "compose.yaml")).text()) as Compose;
/** Without what only a profile starts, whose images nothing here can stand for. */
export const compose: Compose = {
  ...whole,
  services: Object.fromEntries(Object.entries(whole.services).filter(([, service]) => !service.profiles)),
};

/** Of sizes such as 256M. */
export const bytesOf = (text: string) => Number(/^(\d+)M$/.exec(text)?.[1]) * 1024 * 1024;
const seconds = (text: string) => Number(/^(\d+)s$/.exec(text)?.[1]);
const nanoseconds = (text: string) => seconds(text) * 1e9;

/** Before version 25, an engine has no interval of its own for the start. */
function healthOf({ healthcheck }: Service, major: number) {
  if (!healthcheck) return undefined;
  const { test, interval, timeout, retries, start_period, start_interval } = healthcheck;
  const modern = major >= 25;
  return {
    Test: test,
    Interval: nanoseconds(modern ? interval : start_interval),
    Timeout: nanoseconds(timeout),
    Retries: retries,
    StartPeriod: nanoseconds(start_period),
    ...(modern && { StartInterval: nanoseconds(start_interval) }),
  };
}

export class Project {
  readonly ports = new Map<string, number>();

  constructor(
    private readonly engine: Engine,
    private readonly name: string,
    /** The images to start in place of those that are named. */
    private readonly imageOf: Record<string, string>,
    /** The volumes that have a size: options of `docker volume create`. */
    private readonly optionsOf: Record<string, string[]> = {},
  ) {}

  nameOf = (thing: string): string => `${this.name}-${thing}`;

  /** Creates and starts everything, each service after those that it depends on. */
  async start(): Promise<void> {
    const { docker } = this.engine;
    for (const [network, options] of Object.entries(compose.networks))
      await docker("network", "create", ...(options?.internal ? ["--internal"] : []), this.nameOf(network));
    for (const volume of Object.keys(compose.volumes))
      await docker("volume", "create", ...(this.optionsOf[volume] ?? []), this.nameOf(volume));
    const started = new Map<string, Promise<void>>();
    const startOnce = (name: string): Promise<void> => {
      const before = started.get(name);
      if (before) return before;
      const starting = this.#start(name, startOnce);
      started.set(name, starting);
      return starting;
    };
    await Promise.all(Object.keys(compose.services).map(startOnce));
  }

  async #start(name: string, startOnce: (name: string) => Promise<void>): Promise<void> {
    const { docker, create } = this.engine;
    const service = compose.services[name] as Service;
    await Promise.all(Object.keys(service.depends_on ?? {}).map(startOnce));
    const [, ...more] = service.networks ?? [];
    await create(this.nameOf(name), this.#containerOf(name, service));
    for (const network of more)
      await docker("network", "connect", "--alias", name, this.nameOf(network), this.nameOf(name));
    await docker("start", this.nameOf(name));
    if (service.healthcheck) return this.healthy(name);
    const exitCode = await docker("wait", this.nameOf(name));
    if (exitCode !== "0") throw new Error(await this.engine.logsOf(this.nameOf(name)));
  }

  async healthy(name: string): Promise<void> {
    const healthOf = () =>
      this.engine.docker("inspect", "--format", "{{.State.Health.Status}}", this.nameOf(name));
    await eventually(async () => (await healthOf()) === "healthy", HEALTHY_WITHIN_MS).catch(async () => {
      throw new Error(`${name} is not healthy: ${await this.engine.logsOf(this.nameOf(name))}`);
    });
  }

  #containerOf(name: string, service: Service): object {
    const unknown = Object.keys(service).find((key) => !KEYS.split(" ").includes(key));
    if (unknown) throw new Error(`compose.yaml: ${name}.${unknown} is not translated`);
    const { limits, reservations } = service.deploy.resources;
    const [first] = service.networks ?? [];
    const network = first ? this.nameOf(first) : service.network_mode;
    const ports = (service.ports ?? []).map((port) => this.#published(name, port));
    return {
      Image: this.imageOf[service.image] ?? service.image,
      ...(service.command && { Cmd: service.command }),
      User: service.user,
      Env: Object.entries(service.environment ?? {}).map(([key, value]) => `${key}=${filledIn(value)}`),
      Hostname: name,
      Healthcheck: healthOf(service, this.engine.major),
      ...(service.stop_grace_period && { StopTimeout: seconds(service.stop_grace_period) }),
      ExposedPorts: Object.fromEntries(ports.map(([inside]) => [inside, {}])),
      NetworkingConfig: {
        EndpointsConfig: network && first ? { [network]: { Aliases: [name] } } : {},
      },
      HostConfig: {
        ReadonlyRootfs: service.read_only,
        CapDrop: service.cap_drop,
        SecurityOpt: service.security_opt,
        NetworkMode: network,
        Tmpfs: Object.fromEntries((service.tmpfs ?? []).map((path) => [path, ""])),
        Binds: (service.volumes ?? []).map((volume) => this.#bindOf(volume)),
        PortBindings: Object.fromEntries(ports),
        RestartPolicy: { Name: service.restart ?? "no" },
        ...(service.logging && {
          LogConfig: { Type: service.logging.driver, Config: service.logging.options },
        }),
        Memory: bytesOf(limits.memory),
        NanoCpus: Number(limits.cpus) * 1e9,
        PidsLimit: limits.pids,
        ...(reservations && { MemoryReservation: bytesOf(reservations.memory) }),
      },
    };
  }

  /** The same address, and a free port in place of the usual one. */
  #published(name: string, port: string): [inside: string, outside: object[]] {
    const [address, , inside] = port.split(":");
    const taken = freePort();
    this.ports.set(name, taken);
    return [`${inside}/tcp`, [{ HostIp: address, HostPort: String(taken) }]];
  }

  /** A volume of the project, or a file beside compose.yaml. */
  #bindOf(volume: string): string {
    const [source = "", ...rest] = volume.split(":");
    return [source.startsWith(".") ? resolve(FOLDER, source) : this.nameOf(source), ...rest].join(":");
  }

  /** Removes everything, whatever of it is there. */
  async remove(): Promise<void> {
    const { docker } = this.engine;
    const each = (kind: string, things: object, ...flags: string[]) =>
      Promise.all(
        Object.keys(things).map((name) =>
          docker(kind, "rm", ...flags, this.nameOf(name)).catch(() => undefined),
        ),
      );
    await each("container", compose.services, "--force");
    await each("network", compose.networks);
    await each("volume", compose.volumes, "--force");
  }
}
