import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMailer } from "@food/shared/mail/mailer";
import { silentLog } from "@food/shared/testing/running-app";
import { freePort } from "../free-port.ts";
import { type Launch, readReport, startFake } from "./fake-platform/fake-launch.builder.ts";

const testTimeoutMs = 180_000;

const SERVICE_PORTS = ["CUSTOMER_PORT", "RESTAURANT_PORT", "ORDER_PORT", "DELIVERY_PORT"] as const;
const VARIABLES = [...SERVICE_PORTS, "INBOX_PORT", "WEB_PORT"] as const;
type Ports = Record<(typeof VARIABLES)[number], string>;

let folder: string;
let ports: Ports;
const launches: Launch[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "start-"));
  ports = Object.fromEntries(VARIABLES.map((name) => [name, String(freePort())])) as Ports;
});

afterEach(async () => {
  for (const launch of launches.splice(0)) {
    launch.kill("SIGTERM");
    await launch.exited;
  }
  rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string> = {}, words: string[] = []): Launch {
  const launch = startFake(folder, { ...ports, ...env }, words);
  launches.push(launch);
  return launch;
}

async function readFailure(launch: Launch, code = 1): Promise<string> {
  const complaint = await new Response(launch.stderr).text();
  expect(await launch.exited).toBe(code);
  expect(complaint.trimEnd().split("\n")).toHaveLength(1);
  return complaint.trimEnd();
}

function startedProcesses(): number[] {
  const lock = JSON.parse(readFileSync(join(folder, "launcher.lock"), "utf8"));
  return lock.children.map((child: { pid: number }) => child.pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pids: number[]) {
  const deadline = Date.now() + 10_000;
  while (pids.some(isRunning)) {
    if (Date.now() > deadline) throw new Error(`Still running: ${pids.filter(isRunning)}`);
    await Bun.sleep(10);
  }
}

function url(variable: keyof Ports, path: string): string {
  return `http://127.0.0.1:${ports[variable]}${path}`;
}

const environmentOf = async (variable: keyof Ports): Promise<Record<string, string>> =>
  JSON.parse(await (await fetch(url(variable, "/environment"))).text());

describe("a start", () => {
  test(
    "says where everything is, and gives each service what it needs and no more",
    async () => {
      const launch = start({ ACCEPT_WITHIN_SECONDS: "30", ORDER_SECRET: "x", DELIVERY_URL: "http://x" });
      const report = await readReport(launch);
      for (const name of SERVICE_PORTS) expect(report).toContain(`http://127.0.0.1:${ports[name]}/swagger`);
      expect(report).toContain(`Mail: http://127.0.0.1:${ports.INBOX_PORT} `);
      expect(report).toContain(`http://localhost:${ports.WEB_PORT}`);
      const page = await fetch(`http://127.0.0.1:${ports.WEB_PORT}`);
      expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(report).toContain("embedded emulator");
      expect(report).toContain(join(folder, "mongodb/emulator.sqlite"));
      expect(report).toContain(join(folder, "logs"));
      const environment = await environmentOf("CUSTOMER_PORT");
      expect(environment).toMatchObject({
        PORT: ports.CUSTOMER_PORT,
        HOST: "127.0.0.1",
        ACCEPT_WITHIN_SECONDS: "30",
        RESTAURANT_URL: `http://127.0.0.1:${ports.RESTAURANT_PORT}`,
        ORDER_URL: `http://127.0.0.1:${ports.ORDER_PORT}`,
      });
      const foreign = "DELIVERY_URL ORDER_SECRET ORDER_PORT DATA_DIR INBOX_PORT WEBHOOK_TARGETS";
      expect(environment).not.toContainAnyKeys(foreign.split(" "));
      const { MAIL_URL = "", MAIL_FROM = "", LINK_BASE_URL = "" } = environment;
      expect(LINK_BASE_URL).toBe(`http://127.0.0.1:${ports.INBOX_PORT}/customer`);
      const mailer = openMailer({ MAIL_URL, MAIL_FROM, LINK_BASE_URL }, silentLog);
      mailer.send({ to: "ada@example.com", subject: "Hello", text: "a" });
      await mailer.stop();
      expect(await (await fetch(url("INBOX_PORT", "/mails"))).json()).toMatchObject({
        items: [{ to: ["ada@example.com"], subject: "Hello" }],
      });
      expect(await (await fetch(url("ORDER_PORT", "/key"))).text()).toBe("Ed25519");
      expect(await environmentOf("ORDER_PORT")).toMatchObject({ WEBHOOK_TARGETS: "any" });
    },
    testTimeoutMs,
  );

  test(
    "with a mail server given: has no inbox",
    async () => {
      const mail = { MAIL_URL: "smtp://mail.example", MAIL_FROM: "me@example.com" };
      expect(await readReport(start(mail))).not.toContain("Mail:");
      expect(await environmentOf("CUSTOMER_PORT")).toMatchObject(mail);
    },
    testTimeoutMs,
  );

  test(
    "opens the debugger of the services whose …_INSPECT is a port, and of no other",
    async () => {
      const port = String(freePort());
      const launch = start({ ORDER_INSPECT: port });
      expect(await readReport(launch)).toContain(`Debug order: ws://127.0.0.1:${port}/order`);
      const version = await fetch(`http://127.0.0.1:${port}/json/version`);
      expect(await version.json()).toMatchObject({ Browser: "Bun" });
      expect((await fetch(url("ORDER_PORT", "/health/ready"))).status).toBe(200);
      const log = readFileSync(join(folder, "logs/customer.log"), "utf8");
      expect(log).not.toContain("Inspector");
    },
    testTimeoutMs,
  );

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    test(
      `leaves nothing behind after ${signal}, and the next one finds the data`,
      async () => {
        const first = start();
        await readReport(first);
        await fetch(url("ORDER_PORT", "/notes"), { method: "POST", body: "kept" });
        const pids = startedProcesses();
        expect(pids).toHaveLength(6);
        // Twice, as a terminal and `bun run` do it.
        first.kill(signal);
        await Bun.sleep(20);
        first.kill(signal);
        expect(await first.exited).toBe(0);
        expect(pids.filter(isRunning)).toEqual([]);
        expect(existsSync(join(folder, "launcher.lock"))).toBe(false);
        await readReport(start());
        expect(await (await fetch(url("ORDER_PORT", "/notes"))).json()).toEqual(["kept"]);
      },
      testTimeoutMs,
    );
  }

  test(
    "takes over from one that was killed, and ends what that one left running",
    async () => {
      const first = start();
      await readReport(first);
      await fetch(url("ORDER_PORT", "/notes"), { method: "POST", body: "kept" });
      const pids = startedProcesses();
      first.kill("SIGKILL");
      await first.exited;
      await readReport(start());
      await untilGone(pids);
      expect(await (await fetch(url("ORDER_PORT", "/notes"))).json()).toEqual(["kept"]);
    },
    testTimeoutMs,
  );

  test(
    "that is interrupted while starting leaves nothing behind",
    async () => {
      const launch = start();
      while (!existsSync(join(folder, "launcher.lock")) || startedProcesses().length < 2) await Bun.sleep(1);
      const pids = startedProcesses();
      launch.kill("SIGINT");
      expect(await launch.exited).toBe(0);
      await untilGone(pids);
      expect(existsSync(join(folder, "launcher.lock"))).toBe(false);
    },
    testTimeoutMs,
  );
});

describe("a start that fails", () => {
  test("with an unknown flag or argument: exits with 2 and names it", async () => {
    expect(await readFailure(start({}, ["--reel"]), 2)).toStartWith("Unknown option '--reel'");
    expect(await readFailure(start({}, ["order"]), 2)).toStartWith("Unexpected argument 'order'");
    expect(existsSync(join(folder, "launcher.lock"))).toBe(false);
  });

  test("names the port in use, its service and the variable", async () => {
    const other = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
    const launch = start({ ORDER_PORT: String(other.port) });
    expect(await readFailure(launch)).toBe(
      `Port ${other.port} of the order service is in use: stop what listens there, or set ORDER_PORT to another port.`,
    );
    expect(await readFailure(start({ ORDER_INSPECT: String(other.port) }))).toContain(
      `Port ${other.port} of the order service's debugger is in use: stop what listens there, or set ORDER_INSPECT`,
    );
    other.stop(true);
    expect(existsSync(join(folder, "launcher.lock"))).toBe(false);
  });

  test(
    "names the data folder that another launcher uses; of many at once one wins",
    async () => {
      writeFileSync(join(folder, "launcher.lock"), "left half written by a killed start");
      const outcomes = await Promise.all(
        [start(), start(), start()].map(async (launch) => {
          try {
            return await readReport(launch);
          } catch (error) {
            return String(error);
          }
        }),
      );
      expect(outcomes.filter((outcome) => outcome.startsWith("Ready"))).toHaveLength(1);
      const refused = outcomes.filter((outcome) =>
        outcome.includes("is in use by another launcher (process "),
      );
      expect(refused).toHaveLength(2);
    },
    testTimeoutMs,
  );

  test("names a port that is not one, and two services on one port", async () => {
    expect(await readFailure(start({ DELIVERY_PORT: "many" }))).toBe(
      "DELIVERY_PORT is not a port from 1 to 65535: correct it, or unset it.",
    );
    expect(await readFailure(start({ DELIVERY_PORT: ports.ORDER_PORT }))).toContain(
      `DELIVERY_PORT and ORDER_PORT are both ${ports.ORDER_PORT}`,
    );
    expect(await readFailure(start({ ORDER_INSPECT: "yes" }))).toStartWith("ORDER_INSPECT is not a port");
    expect(await readFailure(start({ ORDER_INSPECT: ports.CUSTOMER_PORT }))).toContain(
      `ORDER_INSPECT and CUSTOMER_PORT are both ${ports.CUSTOMER_PORT}`,
    );
  });

  test(
    "names a database URL that is malformed or does not answer, without its password",
    async () => {
      expect(await readFailure(start({ REDIS_URL: "localhost:6379" }))).toStartWith(
        "REDIS_URL is not a URL like redis://",
      );
      const port = freePort();
      const redis = await readFailure(start({ REDIS_URL: `redis://me:secret@127.0.0.1:${port}/0` }));
      expect(redis).toStartWith(`REDIS_URL: no Redis answers at 127.0.0.1:${port} `);
      const mongo = await readFailure(
        start({ MONGODB_URL: `mongodb://me:secret@127.0.0.1:${port}/?tls=false` }),
      );
      expect(mongo).toStartWith(`MONGODB_URL: no MongoDB answers at 127.0.0.1:${port} `);
      expect(redis + mongo).not.toContain("secret");
    },
    testTimeoutMs,
  );

  test("names the data folder that cannot be used", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(await readFailure(start({ DATA_DIR: file }))).toStartWith(
      `The data folder ${file} cannot be used `,
    );
  });

  test(
    "names the service that ended while starting, with its last words",
    async () => {
      const complaint = await readFailure(start({ FAKE_BROKEN_PORT: ports.ORDER_PORT }));
      expect(complaint).toStartWith(
        "The order service ended while starting: ACCEPT_WITHIN_SECONDS is not valid",
      );
      expect(existsSync(join(folder, "launcher.lock"))).toBe(false);
    },
    testTimeoutMs,
  );
});
