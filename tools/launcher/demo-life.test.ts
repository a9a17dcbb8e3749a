import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@food/shared/testing/tools";
import type { Child } from "../child.ts";
import { townLife } from "./demo-life.ts";

let folder: string;
const children: Child[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "life-"));
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop(0)));
  rmSync(folder, { recursive: true, force: true });
});

/** A town whose process notes its words and address, then does this. */
function lifeThat(does: string, isSeeded = async (): Promise<unknown> => undefined) {
  const entry = join(folder, "demo.ts");
  writeFileSync(entry, `process.stdout.write([...Bun.argv.slice(2), Bun.env.ORDER_URL].join(" ")); ${does}`);
  const logFile = join(folder, "demo.log");
  const urls = { ORDER_URL: "http://order" };
  const life = townLife({ urls, entry, logFile, isSeeded, onStart: (child) => children.push(child) });
  return { life, log: () => readFileSync(logFile, "utf8") };
}
const GOES_ON = "setInterval(() => undefined, 1_000);";

describe("the life of the demo town", () => {
  test("is one process at the speed, until it is stopped", async () => {
    const { life, log } = lifeThat(GOES_ON);
    await life.start(6);
    await life.start(20);
    await eventually(async () => log().includes("--speed 6 http://order"));
    expect([life.speed(), children.length]).toEqual([6, 1]);
    await life.stop();
    expect([life.speed(), children[0]?.hasExited()]).toEqual([undefined, true]);
  });

  test("waits for the town, and does not begin when it is stopped meanwhile", async () => {
    const seeded = Promise.withResolvers<void>();
    const { life } = lifeThat(GOES_ON, () => seeded.promise);
    const started = life.start(6);
    expect([life.speed(), children.length]).toEqual([6, 0]);
    await life.stop();
    seeded.resolve();
    await started;
    expect([life.speed(), children.length]).toEqual([undefined, 0]);
  });

  test("is over when its process ends, and can begin again", async () => {
    const { life } = lifeThat("");
    await life.start(6);
    await eventually(async () => life.speed() === undefined);
    await life.start(1);
    expect(children).toHaveLength(2);
  });
});
