// Starts the databases and the services, prints their URLs, and stops all of them.

import { join, relative } from "node:path";
import { styleText } from "node:util";
import { startInbox } from "@food/shared/testing/inbox";
import { type Child, startChild } from "../child.ts";
import { orExit, readFlags } from "../command-line.ts";
import { type Database, type Databases, startDatabases } from "../databases/databases.ts";
import { DEMO_PASSWORD } from "../demo/town.ts";
import { oneLine, StartFailure } from "../failure.ts";
import { probePort } from "../free-port.ts";
import type { Addresses } from "../pages/bundle.ts";
import { servePages } from "../pages/serve-pages.ts";
import type { Service } from "../services.ts";
import { townLife } from "./demo-life.ts";
import { SEED_ENTRY, startTown, type TownState, townAccounts } from "./demo-town.ts";
import { serveInbox } from "./inbox-page.ts";
import { type LaunchLock, takeLaunchLock } from "./launch-lock.ts";
import {
  demoOperator,
  mayHaveTown,
  readSettings,
  type Settings,
  serviceEnvironment,
  urlVariables,
} from "./launch-settings.ts";

const readyWithinMs = 30_000;
const stopServiceWithinMs = 12_000;
const stopDatabaseWithinMs = 10_000;

function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}

class Launcher {
  readonly #services: Service[];
  readonly #running: { service: Child[]; database: Child[] } = { service: [], database: [] };
  #lock: LaunchLock | undefined;
  #stopping: Promise<void> | undefined;
  #inbox: { smtpUrl: string; pageUrl: string } | undefined;
  readonly #seedEntry: string;
  #seeded: Promise<unknown> | undefined;

  constructor(services: Service[], seedEntry: string) {
    this.#services = services;
    this.#seedEntry = seedEntry;
  }

  get isStopping(): boolean {
    return this.#stopping !== undefined;
  }

  async start(): Promise<string> {
    const startedAt = performance.now();
    const settings = readSettings(this.#services, process.env);
    const lock = await takeLaunchLock(settings.dataDir);
    this.#lock = lock;
    this.#checkPorts(settings);
    if (settings.inboxPort !== undefined) this.#inbox = await openInbox(settings.inboxPort);
    this.#servePages(settings);
    const databases = await startDatabases({
      ...settings,
      onStart: (child) => this.#keep("database", child),
    });
    await Promise.all(this.#services.map((service) => this.#startService(service, settings, databases)));
    for (const child of [...this.#running.database, ...this.#running.service])
      void this.#watch(child, settings);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const town = await this.#startTown(settings, databases);
    return this.#describe(settings, databases, seconds, town);
  }

  /** Stops the services first: their last writes need a database. May be called more than once. */
  stop(): Promise<void> {
    this.#stopping ??= (async () => {
      const { service, database } = this.#running;
      await Promise.all(service.map((child) => child.stop(stopServiceWithinMs)));
      await Promise.all(database.map((child) => child.stop(stopDatabaseWithinMs)));
      this.#lock?.release();
    })();
    return this.#stopping;
  }

  async stopNow(): Promise<void> {
    await Promise.all([...this.#running.service, ...this.#running.database].map((child) => child.stop(0)));
    this.#lock?.release();
  }

  #keep(kind: "service" | "database", child: Child) {
    this.#running[kind].push(child);
    this.#lock?.record(child);
  }

  /** Runs in this process and ends with it. */
  #servePages(settings: Settings) {
    const { ports, webPort } = settings;
    const addresses = Object.fromEntries(
      [...ports].map(([name, port]) => [name, `http://localhost:${port}`]),
    ) as Addresses;
    const life =
      mayHaveTown(settings, process.env) &&
      townLife({ ...this.#townProcess(settings, "demo"), isSeeded: async () => this.#seeded });
    servePages({
      ...{ port: webPort, addresses: () => addresses },
      demo: { password: DEMO_PASSWORD, ...(life && { life }) },
    });
  }

  async #startTown(settings: Settings, { mongo }: Databases): Promise<TownState> {
    if (mongo.dataDir === undefined || this.isStopping || !mayHaveTown(settings, process.env)) return "none";
    const { state, seeded } = await startTown({
      ...{ ...this.#townProcess(settings, "town"), mongoDataDir: mongo.dataDir },
      say: (line) => void (this.isStopping || process.stdout.write(`${line}\n`)),
    });
    this.#seeded = seeded;
    return state;
  }

  /** A process of the demo that acts over the public API. */
  #townProcess(settings: Settings, name: string) {
    return {
      ...{ urls: urlVariables(settings, settings.ports.keys()), entry: this.#seedEntry },
      logFile: shown(join(settings.dataDir, "logs", `${name}.log`)),
      onStart: (child: Child) => this.#keep("service", child),
    };
  }

  #checkPorts({ ports, inspectPorts, inboxPort, webPort }: Settings) {
    checkPort(webPort, "the web pages", "WEB_PORT");
    checkPort(inboxPort, "the inbox", "INBOX_PORT");
    for (const { name, portVariable, inspectVariable } of this.#services) {
      checkPort(ports.get(name), `the ${name} service`, portVariable);
      checkPort(inspectPorts.get(name), `the ${name} service's debugger`, inspectVariable);
    }
  }

  async #startService(service: Service, settings: Settings, databases: Databases) {
    const { name, entry } = service;
    const env = await serviceEnvironment(service, settings, databases, process.env, this.#inbox);
    if (this.isStopping) return;
    const logFile = join(settings.dataDir, "logs", `${name}.log`);
    const inspectPort = settings.inspectPorts.get(name);
    const inspect = inspectPort === undefined ? [] : [`--inspect=127.0.0.1:${inspectPort}/${name}`];
    const child = startChild({ name, command: [process.execPath, ...inspect, entry], env, logFile });
    this.#keep("service", child);
    const deadline = Date.now() + readyWithinMs;
    const url = `http://127.0.0.1:${settings.ports.get(name)}/health/ready`;
    let last = "no answer";
    while (last !== "200" && !this.isStopping) {
      if (child.hasExited()) {
        throw new StartFailure(
          `The ${name} service ended while starting: ${child.lastLogLine()} (log: ${shown(logFile)})`,
        );
      }
      if (Date.now() > deadline) {
        throw new StartFailure(
          `The ${name} service is not ready after ${readyWithinMs / 1000} s (${last}): see ${shown(logFile)}.`,
        );
      }
      await Bun.sleep(20);
      last = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
        (response) => String(response.status),
        () => "no answer",
      );
    }
  }

  /** Reports a process that ended. The rest of the platform goes on. */
  async #watch(child: Child, { dataDir }: Settings) {
    const exitCode = await child.exited;
    if (this.isStopping) return;
    const log = shown(join(dataDir, "logs", `${child.name}.log`));
    process.stderr.write(
      `${child.name} ended with exit code ${exitCode}: see ${log}. Restart to have it back.\n`,
    );
  }

  #describe(settings: Settings, { mongo, redis }: Databases, seconds: string, town: TownState): string {
    const rows = this.#services.map(({ name }) => {
      const url = `http://127.0.0.1:${settings.ports.get(name)}`;
      return [name, url, `${url}/swagger`];
    });
    const pages = `http://localhost:${settings.webPort}`;
    const operator = demoOperator(settings, process.env);
    const accounts = [
      ...(town === "none" ? [] : townAccounts(pages)),
      ...(operator ? [["Operator", operator.OPERATOR_EMAIL, `${pages}/#/town`]] : []),
    ];
    return [
      styled("green", `Ready in ${seconds} s.`),
      "",
      ...alignColumns([["Service", "URL", "Swagger"], ["pages", pages], ...rows]),
      "",
      ...alignColumns([
        ["Database", "Server", "Data"],
        ["MongoDB", describeSource(mongo), mongo.dataDir ? shown(mongo.dataDir) : placeOf(mongo)],
        ["Redis", describeSource(redis), placeOf(redis)],
      ]),
      "",
      ...(accounts.length > 0
        ? [...alignColumns([["Account", "Email", "Page"], ...accounts]), `Password of each: ${DEMO_PASSWORD}`]
        : []),
      ...(town === "missing" ? ["The demo town signs up in the background (not with DEMO_TOWN=off)."] : []),
      "",
      ...(this.#inbox ? [`Mail: ${this.#inbox.pageUrl} shows what the services sent.`] : []),
      ...[...settings.inspectPorts].map(([name, port]) => `Debug ${name}: ws://127.0.0.1:${port}/${name}`),
      `Logs: ${shown(join(settings.dataDir, "logs"))}/<service>.log`,
      "Stop: Ctrl-C. The next start finds the data again.",
      "",
    ].join("\n");
  }
}

/** Runs in this process and ends with it. */
async function openInbox(port: number) {
  const inbox = await startInbox();
  return { smtpUrl: inbox.url, pageUrl: serveInbox(inbox, port).url };
}

function checkPort(port: number | undefined, owner: string, variable: string) {
  if (port === undefined) return;
  try {
    probePort(port);
  } catch (error) {
    throw new StartFailure(
      (error as NodeJS.ErrnoException).code === "EACCES"
        ? `Port ${port} of ${owner} is not allowed to this user: set ${variable} to another port.`
        : `Port ${port} of ${owner} is in use: stop what listens there, or set ${variable} to another port.`,
    );
  }
}

function describeSource({ kind, detail }: Database): string {
  if (kind === "given") return detail;
  return kind === "server" ? `local server ${detail}` : detail;
}

function placeOf({ kind }: Database): string {
  return kind === "given" ? "on that server" : "in memory only (nothing in it must survive)";
}

/** On a terminal, unless NO_COLOR is set (no-color.org). */
const styled = (style: "bold" | "green", text: string): string =>
  process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;

/** The first row is the heading. */
function alignColumns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line, i) => (i === 0 ? styled("bold", line) : line));
}

/** The terminal and `bun run` both send SIGINT for one Ctrl-C. A later signal is a second Ctrl-C, and stops at once. */
const ONCE_MS = 500;

/** Runs the platform until a signal stops it; exits with 0, or with 2 or 1 and one line on stderr. */
export async function launch(services: Service[], seedEntry = SEED_ENTRY): Promise<never> {
  const { real } = orExit(() => readFlags(process.argv.slice(2), { real: false }).flags);
  if (real) process.env.DATABASES = "real";
  const launcher = new Launcher(services, seedEntry);
  let stoppedAt = 0;
  const stopped = new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(name, async () => {
        stoppedAt ||= performance.now();
        if (performance.now() - stoppedAt < ONCE_MS) return resolve();
        await launcher.stopNow();
        process.exit(1);
      });
    }
  });
  const started = launcher.start();
  try {
    const report = await Promise.race([started, stopped]);
    if (report !== undefined) {
      process.stdout.write(report);
      await stopped;
      process.stdout.write("\nStopping.\n");
    }
    await launcher.stop();
    await started.catch(() => undefined);
    process.exit(0);
  } catch (error) {
    await launcher.stop();
    process.stderr.write(`${oneLine(error)}\n`);
    process.exit(1);
  }
}
