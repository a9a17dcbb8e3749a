import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { freePort } from "../free-port.ts";
import { type PageServer, servePages } from "./serve-pages.ts";

const at = "http://localhost:3001";
const addresses = () => ({ customer: at, restaurant: at, order: at, delivery: at });

let pages: PageServer;
let speed: number | undefined;
const life = {
  speed: () => speed,
  async start(wanted: number) {
    speed = wanted;
  },
  async stop() {
    speed = undefined;
  },
};

beforeEach(() => {
  speed = undefined;
  pages = servePages({ port: freePort(), addresses, demo: { password: "secret", life } });
});
afterEach(() => pages.stop());

async function ask(method: string, { origin = pages.url, body }: { origin?: string; body?: string } = {}) {
  const answer = await fetch(`${pages.url}/demo`, { method, headers: { origin }, ...(body && { body }) });
  return { status: answer.status, body: answer.ok ? await answer.json() : undefined };
}

describe("the life of the demo town", () => {
  test("starts at the chosen speed, is told, and stops", async () => {
    expect(await ask("GET")).toEqual({ status: 200, body: { speed: null } });
    expect(await ask("POST", { body: '{"speed":6}' })).toEqual({ status: 200, body: { speed: 6 } });
    expect(await ask("GET")).toEqual({ status: 200, body: { speed: 6 } });
    expect(await ask("DELETE")).toEqual({ status: 200, body: { speed: null } });
  });

  test("is not started or stopped by another page", async () => {
    for (const origin of ["https://evil.example", "null", ""]) {
      expect(await ask("POST", { origin, body: '{"speed":6}' })).toMatchObject({ status: 403 });
      expect(await ask("DELETE", { origin })).toMatchObject({ status: 403 });
    }
    expect(speed).toBeUndefined();
  });

  test.each(["", "x", "{}", '{"speed":0}', '{"speed":61}', '{"speed":"6"}'])(
    "refuses the body %p",
    async (body) => {
      expect(await ask("POST", { body })).toMatchObject({ status: 422 });
      expect(speed).toBeUndefined();
    },
  );

  test("knows no other method, and without a town there is none", async () => {
    expect(await ask("PUT", { body: "{}" })).toMatchObject({ status: 405 });
    const config = await (await fetch(`${pages.url}/config.json`)).json();
    expect(config).toMatchObject({ demo: { password: "secret", canLive: true } });
    const bare = servePages({ port: freePort(), addresses, demo: { password: "secret" } });
    expect((await fetch(`${bare.url}/demo`, { method: "POST" })).status).toBe(405);
    expect(await (await fetch(`${bare.url}/config.json`)).json()).toMatchObject({ demo: { canLive: false } });
    await bare.stop();
  });
});

test("only this machine is served, under names of its own", async () => {
  const answer = await fetch(pages.url.replace("localhost", "127.0.0.1"), {
    headers: { host: "evil.example" },
  });
  expect(answer.status).toBe(403);
});
