// The typed client on Bun, on Node and in a browser.
import { beforeAll, expect, test } from "bun:test";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { newCustomer, openRestaurant, PASSWORD } from "./actors.ts";
import { hasBrowser, openBrowser } from "./browser.ts";
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

/** An empty page, with the client as a module. */
async function serveClient(): Promise<string> {
  const entry = join(CLIENT, "src/client.ts");
  const { outputs } = await Bun.build({ entrypoints: [entry], target: "browser" });
  const server = Bun.serve({
    port: 0,
    routes: {
      "/": new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
      "/client.js": new Response(outputs[0], { headers: { "content-type": "text/javascript" } }),
    },
  });
  cleanUp(() => server.stop(true));
  return server.url.origin;
}

/** Runs in the page: orders, cancels, and returns the types of the events since the placement. */
const ORDER_AND_CANCEL = `async ({ urls, credentials, cart }) => {
  const { connect, required } = await import("/client.js");
  const ada = connect("customer", { urls });
  await ada.signIn(credentials);
  const { orderId } = required(await ada.customer.POST("/v1/orders", { body: cart }));
  const path = { orderId };
  required(await ada.customer.POST("/v1/orders/{orderId}/cancel", { params: { path } }));
  const heard = [];
  for await (const { data } of ada.follow("order", "/v1/orders/{orderId}/events", { params: path, lastEventId: "1" }))
    heard.push(data.type ?? data.reason);
  return heard;
}`;

describeWithDatabases("the client", () => {
  let platform: Platform;
  let origin: string;
  beforeAll(async () => {
    origin = await serveClient();
    platform = await startPlatform({ environment: { CORS_ORIGINS: origin } });
  });

  test("plays one order by its examples, from the sign-ups to the door", async () => {
    const redirect = await redirectTo(platform);
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

  test.skipIf(!hasBrowser)("orders and follows in a browser, from another origin", async () => {
    const { urls } = platform;
    const [{ id: restaurantId, dishIds }, { addressId, email }] = await Promise.all([
      openRestaurant(platform, { lat: 48.1, lng: 11.5 }),
      newCustomer(platform, { lat: 48.1, lng: 11.51 }),
    ]);
    const cart = { restaurantId, addressId, items: [{ dishId: dishIds[0], quantity: 1 }] };
    const browser = await openBrowser();
    cleanUp(() => browser.close());
    const tab = await browser.newPage();
    await tab.goto(origin);
    const given = JSON.stringify({ urls, credentials: { email, password: PASSWORD }, cart });
    expect(await tab.evaluate(`(${ORDER_AND_CANCEL})(${given})`)).toEqual(["cancelled", "final"]);
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
