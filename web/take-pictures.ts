// bun web/take-pictures.ts: takes the pictures of docs/pages from the pages of a running platform (WEB_PORT), in which
// the demo town lives (`bun run demo --speed 10 --orders 3`). Needs /usr/bin/chromium, which also packs the pictures.
import { join } from "node:path";
import { connect, required } from "@food/client";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../e2e/browser.ts";
import { couriers, DEMO_PASSWORD, restaurants } from "../tools/demo/town.ts";
import type { Config } from "./src/api/api.ts";
import type { Town } from "./src/api/bodies.ts";

const PAGES = `http://localhost:${Bun.env.WEB_PORT || 3000}`;
const FOLDER = join(import.meta.dir, "../docs/pages");
const WITHIN_MS = 240_000;
const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
/** With its curve. */
const TOWN_SIZES = { wide: { width: 1360, height: 1080 }, narrow: { width: 390, height: 1100 } };
const QUALITY = 0.72;
const OPERATOR = "operator@demo.example";

/** As WebP, which the browser can write. */
async function packed(packer: Page, png: Buffer): Promise<Buffer> {
  const url = await packer.evaluate(
    async ([source = "", quality = 1]) => {
      const image = new Image();
      image.src = `data:image/png;base64,${source}`;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext("2d")?.drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", Number(quality));
    },
    [png.toString("base64"), QUALITY] as const,
  );
  return Buffer.from(url.split(",")[1] ?? "", "base64");
}

async function picture(tab: Page, packer: Page, name: string, sizes = SIZES): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const)
    for (const [size, viewport] of Object.entries(sizes)) {
      await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await tab.setViewportSize(viewport);
      await tab.evaluate(() => new Promise((drawn) => setTimeout(drawn, 400)));
      const file = join(FOLDER, `${name}-${size}-${colorScheme}.webp`);
      await Bun.write(file, await packed(packer, await tab.screenshot()));
      process.stdout.write(`${file}\n`);
    }
  await tab.setViewportSize(SIZES.wide);
}

async function open(browser: Browser, page: string, geolocation?: { latitude: number; longitude: number }) {
  const context = await browser.newContext({
    ...{ locale: "en-GB", viewport: SIZES.wide, permissions: ["geolocation"] },
    ...(geolocation && { geolocation }),
  });
  const tab = await context.newPage();
  tab.setDefaultTimeout(WITHIN_MS);
  await tab.goto(`${PAGES}/#/${page}`);
  return tab;
}

async function signIn(tab: Page, email: string): Promise<void> {
  await tab.getByLabel("Email").fill(email);
  await tab.getByLabel("Password").fill(DEMO_PASSWORD);
  await tab.locator("form button[type=submit]").click();
  await tab.getByRole("button", { name: "Sign out" }).waitFor();
}

async function readTown(): Promise<Town> {
  const { services: urls } = (await (await fetch(`${PAGES}/config.json`)).json()) as Pick<Config, "services">;
  const account = connect("operator", { urls });
  await account.signIn({ email: OPERATOR, password: DEMO_PASSWORD });
  return required(await account.order.GET("/v1/town"));
}

const browser = await openBrowser();
const packer = await browser.newPage();

const front = await open(browser, "");
await picture(front, packer, "front");

const operator = await open(browser, "town");
await signIn(operator, OPERATOR);

const guest = await open(browser, "customer/sign-in");
await signIn(guest, "customer-01@demo.example");
await guest.goto(`${PAGES}/#/customer`);
await guest.getByLabel("Dish, restaurant or cuisine").fill("pizza");
await guest.getByText(/deliver to your address/).waitFor();
await picture(guest, packer, "customer-browse");
await guest
  .getByRole("link", { name: /Forno|Alba|Piazza|Lumino/ })
  .first()
  .click();
await guest.getByRole("button", { name: "Choose Margherita" }).click();
await picture(guest, packer, "customer-dish");
await guest.getByRole("button", { name: /^Add for/ }).click();
await guest.getByRole("button", { name: "Place order" }).click();
await guest.getByRole("heading", { name: "On the way" }).waitFor();
await picture(guest, packer, "customer-follow");

const town = await readTown();
const count = (name: string) =>
  town.orders.filter(({ restaurantName, status }) => restaurantName === name && status !== "out_for_delivery")
    .length;
const busiest = restaurants.toSorted((one, other) => count(other.name) - count(one.name))[0];
const kitchen = await open(browser, "kitchen");
await signIn(kitchen, busiest?.account.email ?? "");
await kitchen.getByText("● Live").waitFor();
await picture(kitchen, packer, "kitchen");

const riding = town.couriers.find(({ state }) => state === "to_restaurant") ?? town.couriers[0];
const courier = await open(browser, "courier", {
  ...{ latitude: riding?.location.lat ?? 0, longitude: riding?.location.lng ?? 0 },
});
await signIn(courier, couriers.find(({ name }) => name === riding?.name)?.account.email ?? "");
await courier.getByText("● Live").waitFor();
await picture(courier, packer, "courier");

await operator.locator(".lane a").first().waitFor();
await picture(operator, packer, "town", TOWN_SIZES);
await operator.locator(".lane a").nth(1).click();
await operator.getByText("Why this courier?").first().click();
await picture(operator, packer, "town-order", TOWN_SIZES);
await browser.close();
