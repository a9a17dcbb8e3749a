// The examples of the typed client play one order together, on Bun and on Node.
import { expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { type Platform, startPlatform } from "./platform.ts";

const CLIENT = join(import.meta.dir, "../client");
const NODE = Bun.which("node");
const work = mkdtempSync(join(tmpdir(), "client-"));
const exampleOf = (name: string) => join(CLIENT, `examples/${name}.ts`);

/** A module that sends what is for the ports of `bun start` to this platform. */
async function redirectTo({ urls }: Platform): Promise<string> {
  const path = join(work, "redirect.mjs");
  const services = JSON.stringify([urls.customer, urls.restaurant, urls.order, urls.delivery]);
  await Bun.write(
    path,
    `const services = ${services}, own = globalThis.fetch;
globalThis.fetch = (request) =>
  own(new Request(request.url.replace(/^http:..localhost:300(\\d)/, (_, n) => services[n - 1]), request));`,
  );
  return path;
}

/** As other programs use the client: one file of JavaScript. */
async function bundled(name: string): Promise<string> {
  const { outputs } = await Bun.build({ entrypoints: [exampleOf(name)], target: "node", outdir: work });
  return outputs[0]?.path ?? "";
}

/** A running program, whose output can be awaited. */
function start(command: string[]) {
  const child = Bun.spawn(command, { cwd: CLIENT, stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  cleanUp(() => child.kill());
  let text = "";
  const output = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  return {
    async until(pattern: RegExp): Promise<string> {
      for (;;) {
        const found = pattern.exec(text);
        if (found) return found[1] ?? found[0];
        const { done, value } = await output.next();
        if (done) throw new Error(`${command.join(" ")} ended without ${pattern}: ${text}`);
        text += value;
      }
    },
    say: (line: string) => child.stdin.write(`${line}\n`),
    exited: child.exited,
  };
}

describeWithDatabases("the examples of the client", () => {
  test("play one order from the sign-ups to the door", async () => {
    const redirect = await redirectTo(await startPlatform());
    const onBun = (name: string) => start([process.execPath, "--preload", redirect, exampleOf(name)]);
    const restaurant = onBun("restaurant");
    const courier = onBun("courier");
    await Promise.all([restaurant.until(/Open/), courier.until(/On duty/)]);
    const customer = NODE
      ? start([NODE, "--import", redirect, await bundled("customer")])
      : onBun("customer");
    const pin = await customer.until(/PIN (\d{4})/);
    await courier.until(/The customer's PIN/);
    await courier.say(pin);
    await Promise.all([customer.until(/delivered/), restaurant.until(/delivered/)]);
    expect(await Promise.all([customer, restaurant, courier].map(({ exited }) => exited))).toEqual([0, 0, 0]);
  });
});

test("the README shows the customer's example as it is", async () => {
  const readme = await Bun.file(join(CLIENT, "README.md")).text();
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(shown).toBe(await Bun.file(exampleOf("customer")).text());
});

test.skipIf(!process.env.CI)("in CI: Node is there", () => {
  expect(NODE).toBeString();
});
