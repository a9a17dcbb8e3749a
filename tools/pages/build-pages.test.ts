import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPages, publicAddresses } from "./build-pages.ts";
import { securityHeaders } from "./bundle.ts";

const ENVIRONMENT = {
  CUSTOMER_URL: "https://customer.food.example",
  RESTAURANT_URL: "https://restaurant.food.example",
  ORDER_URL: "https://order.food.example",
  DELIVERY_URL: "https://delivery.food.example",
};
const addresses = publicAddresses(ENVIRONMENT);
const PACKED_BYTES_MAX = 150_000;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pages-"));
  await buildPages(folder, addresses);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => Bun.file(join(folder, name));

describe("the static pages", () => {
  test("are complete: every file that the page names is there, plain and packed", async () => {
    const page = await file("public/index.html").text();
    const named = [...page.matchAll(/(?:src|href)="([^"#:]+)"/g)].map(([, name = ""]) => name);
    expect(named).toHaveLength(2);
    for (const name of ["index.html", ...named]) {
      const plain = await file(`public/${name}`).bytes();
      expect(Bun.gunzipSync(await file(`public/${name}.gz`).bytes())).toEqual(plain);
    }
  });

  test("are small: all of them, packed, in at most 150 KB", () => {
    const packed = readdirSync(join(folder, "public")).filter((name) => name.endsWith(".gz"));
    const sizes = packed.map((name) => file(`public/${name}`).size);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(PACKED_BYTES_MAX);
  });

  test("know the services, and offer no demo", async () => {
    expect(await file("public/config.json").json()).toEqual({ services: addresses });
  });

  test("get all security headers from nginx, in each place that serves them", async () => {
    const text = await file("nginx.conf").text();
    const places = text.split(/location /).filter((place) => place.includes("add_header"));
    expect(places).toHaveLength(2);
    for (const [name, value] of Object.entries(securityHeaders(addresses)))
      for (const place of places) expect(place).toContain(`add_header ${name} "${value}" always;`);
    expect(text).toContain("connect-src 'self' https://customer.food.example");
  });
});

test.each([
  ["", "CUSTOMER_URL is not an address"],
  ["customer.food.example", "CUSTOMER_URL is not an address"],
  ["https://customer.food.example/v1", "CUSTOMER_URL is not an address"],
  ['https://a"; script-src *', "CUSTOMER_URL is not an address"],
])("refuses the address %p", (CUSTOMER_URL, message) => {
  expect(() => publicAddresses({ ...ENVIRONMENT, CUSTOMER_URL })).toThrow(message);
});
