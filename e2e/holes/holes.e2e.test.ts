// The controls of the security tests: with each planted hole the test that guards against it fails.
import { beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabases } from "@food/shared/testing/databases";
import { cleanUp, describeWithDatabases, TEST_MAX_MS } from "@food/shared/testing/service";
import { newSigningKey } from "@food/shared/testing/tools";
import { type Cast, openCast, type PlatformWithMail, startWithMail } from "../access/cast.ts";
import { playMatrix } from "../access/matrix.ts";
import { SERVICES } from "../platform.ts";
import type { Replica } from "../replica.ts";
import { type Hole, type RedCell, ROOT } from "./hole.ts";
import { HOLES } from "./holes.ts";

const PLANT = join(import.meta.dir, "plant.ts");

const NOWHERE = "http://127.0.0.1:1";
const ENVIRONMENT = {
  ...{ PORT: "0", HOST: "127.0.0.1", MONGODB_URL: "mongodb://127.0.0.1:1", REDIS_URL: "redis://127.0.0.1:1" },
  ...{ CUSTOMER_URL: NOWHERE, RESTAURANT_URL: NOWHERE, ORDER_URL: NOWHERE, DELIVERY_URL: NOWHERE },
};

/** Programs that run the services from their sources, with the hole that their environment names. */
async function programs(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "holes-"));
  cleanUp(() => rmSync(folder, { recursive: true, force: true }));
  for (const service of SERVICES) {
    const program = join(folder, service);
    const main = join(ROOT, `services/${service}/src/main.ts`);
    await Bun.write(program, `#!/bin/sh\nexec "${process.execPath}" --preload "${PLANT}" "${main}"\n`);
    chmodSync(program, 0o755);
  }
  return folder;
}

/** The holes whose `red` has this property. */
function holesIn<K extends string>(key: K) {
  type Red = Extract<Hole["red"], Record<K, string>>;
  const isHere = (red: Hole["red"]): red is Red => key in red;
  return Object.entries(HOLES).flatMap(([name, { what, red }]) => (isHere(red) ? [{ name, what, red }] : []));
}

describeWithDatabases("the authorization matrix fails", () => {
  let platform: PlatformWithMail;
  let cast: Cast;
  beforeAll(async () => {
    platform = await startWithMail({ binaries: await programs() });
    cast = await openCast(platform);
  }, TEST_MAX_MS);

  const cells = holesIn("route").map((hole) => {
    const ofService = SERVICES.find((service) =>
      HOLES[hole.name]?.patches.some(({ file }) => file.startsWith(`services/${service}/`)),
    );
    return { ...hole, patched: ofService ?? hole.red.service };
  });
  const faultsOf = async (red: RedCell) => {
    const played = await playMatrix(cast, (service, route) => service === red.service && route === red.route);
    return played.faults.filter((fault) => fault.startsWith(`${red.service} ${red.route} by ${red.who}:`));
  };
  let open: Replica | undefined;

  test("not without a hole", async () => {
    for (const { red } of cells) expect(await faultsOf(red)).toEqual([]);
  });

  test.each(cells.toSorted((one, other) => one.patched.localeCompare(other.patched)))(
    "with $name: $what",
    async ({ name, red, patched }) => {
      const replica = platform.first[patched];
      await Promise.all([replica.kill(), open !== replica && open?.kill()]);
      await Promise.all([replica.start({ HOLE: name }), open !== replica && open?.start()]);
      open = replica;
      expect(await faultsOf(red)).toEqual([expect.stringMatching(/, got [24]\d\d /)]);
    },
  );
});

/** Runs one test with the hole, and returns its output. */
async function outputWith(name: string, { file, test: title }: { file: string; test: string }) {
  const pattern = `${title.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`;
  const child = Bun.spawn([process.execPath, "test", "--preload", PLANT, `./${file}`, "-t", pattern], {
    cwd: ROOT,
    env: { ...process.env, ...testDatabases(), HOLE: name },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return `${output}${errors}`;
}

describe("the process stops", () => {
  test.concurrent.each(holesIn("line"))("with $name: $what", async ({ name, red }) => {
    const main = join(ROOT, `services/${red.service}/src/main.ts`);
    const child = Bun.spawn([process.execPath, "--preload", PLANT, main], {
      env: { ...ENVIRONMENT, SIGNING_KEY: await newSigningKey(), HOLE: name },
      stdio: ["ignore", "ignore", "pipe"],
    });
    expect([await new Response(child.stderr).text(), await child.exited]).toEqual([`${red.line}\n`, 1]);
  });
});

describe("its test fails", () => {
  test.concurrent.each(holesIn("file"))("with $name: $what", async ({ name, red }) => {
    const lines = (await outputWith(name, red)).split("\n");
    const failed = lines.filter((line) => line.startsWith("(fail)") && line.includes(red.test));
    expect([failed.length > 0, lines.slice(-12)]).toEqual([true, expect.anything()]);
  });
});
