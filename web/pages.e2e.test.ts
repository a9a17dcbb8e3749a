// The three pages in a real browser over the compiled binaries. They play the seven steps together.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describeWithDatabases } from "@food/shared/testing/service";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expectStatus, type Kitchen, openRestaurant } from "../e2e/actors.ts";
import { openPlatform, type Platform } from "../e2e/platform.ts";
import { freePort } from "../tools/free-port.ts";
import { type PageServer, servePages } from "../tools/pages/serve-pages.ts";

const CHROMIUM = "/usr/bin/chromium";
const PASSWORD = "correct horse battery";
const HEARS_WITHIN_MS = 8_000;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** Set it to keep a picture of each page. */
const { SCREENSHOTS } = process.env;
const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser)
  process.stdout.write(`The pages are not tested: there is no ${CHROMIUM}. Install chromium.\n`);

let platform: Platform;
let pages: PageServer;
let browser: Browser;
let context: BrowserContext;
let kitchen: Kitchen;
const faults: string[] = [];
const violations: string[] = [];

async function openTab(role: string): Promise<Page> {
  const tab = await context.newPage();
  tab.setDefaultTimeout(HEARS_WITHIN_MS);
  tab.on("console", (message) => {
    // A refusal that a step expects.
    if (message.type() === "error" && !/status of (404|422)/.test(message.text()))
      faults.push(`${role}: ${message.text()}`);
  });
  tab.on("pageerror", (error) => faults.push(`${role}: ${error.message}`));
  tab.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    const known = [pages.url, ...Object.values(platform.urls)];
    if (protocol !== "data:" && !known.includes(origin)) faults.push(`${role}: asked ${request.url()}`);
  });
  await tab.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      throw new Error(`CSP: ${violatedDirective} ${blockedURI}`);
    });
  });
  await tab.goto(`${pages.url}/#/${role}`);
  return tab;
}

const button = (tab: Page, name: string | RegExp) => tab.getByRole("button", { name, exact: true });
/** In front, because a browser draws the tabs behind it once a second. */
async function press(tab: Page, name: string | RegExp): Promise<void> {
  await tab.bringToFront();
  await button(tab, name).first().click();
}
const fill = (tab: Page, label: string, value: string) => tab.getByLabel(label).fill(value);
const sees = (tab: Page, text: string | RegExp) => tab.getByText(text).first().waitFor();

/** Checks a page in light and dark, wide and narrow. */
async function look(tab: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await tab.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const found = (await tab.evaluate(`${axe.source}; axe.run().then(({ violations }) => violations)`)) as {
      id: string;
      nodes: { html: string; failureSummary: string }[];
    }[];
    for (const { id, nodes } of found)
      violations.push(`${name}, ${colorScheme}: ${id} ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
    for (const width of [1280, 360]) {
      await tab.setViewportSize({ width, height: 800 });
      const needed = (await tab.evaluate("document.documentElement.scrollWidth")) as number;
      if (needed > width) violations.push(`${name}: needs ${needed} pixels of ${width}`);
      if (SCREENSHOTS)
        await tab.screenshot({
          path: join(SCREENSHOTS, `${name}-${colorScheme}-${width}.png`),
          fullPage: true,
        });
    }
    await tab.setViewportSize({ width: 1280, height: 800 });
  }
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  describeWithDatabases("the pages", () => {
    beforeAll(async () => {
      const port = freePort();
      platform = await openPlatform({ environment: { CORS_ORIGINS: `http://localhost:${port}` } });
      pages = servePages({ port, addresses: () => platform.urls });
      if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
      kitchen = await openRestaurant(platform, { lat: 49.0175, lng: 12.0974 });
      const sizes = expectStatus(
        await kitchen.send<{ optionGroupId: string }>("POST /v1/restaurants/me/option-groups", {
          ...{ name: "Size", minSelections: 1, maxSelections: 1 },
          options: [
            { name: "Small", priceCents: 0 },
            { name: "Large", priceCents: 300 },
          ],
        }),
        201,
      );
      const optionGroups = [{ optionGroupId: sizes.optionGroupId }];
      expectStatus(
        await kitchen.send(`PATCH /v1/restaurants/me/dishes/${kitchen.dishIds[0]}`, { optionGroups }),
        200,
      );
      browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
      context = await browser.newContext({ locale: "en-GB" });
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await pages?.stop();
      await platform?.stop();
    });

    test("play the seven steps together, and each hears of the others' moves without a reload", async () => {
      const front = await openTab("");
      await look(front, "front");
      await front.close();

      const cook = await openTab("kitchen");
      await look(cook, "sign-in");
      await fill(cook, "Email", kitchen.email);
      await fill(cook, "Password", PASSWORD);
      await press(cook, "Sign in");
      await sees(cook, "● Live");

      const courier = await openTab("courier");
      await press(courier, "New account");
      await fill(courier, "Name", "Kim");
      await fill(courier, "Phone", "+49 151 1234567");
      await fill(courier, "Email", `kim-${crypto.randomUUID()}@example.com`);
      await fill(courier, "Password", PASSWORD);
      await press(courier, "Create account");
      await fill(courier, "Position: latitude, longitude", "49.019, 12.0974");
      await press(courier, "Set");
      await press(courier, "Come on duty");
      await sees(courier, "● On duty");

      // 1. Browse, and choose.
      const guest = await openTab("customer");
      await guest.getByRole("link", { name: "Sign in" }).click();
      await press(guest, "New account");
      await fill(guest, "Name", "Ada Lovelace");
      await fill(guest, "Email", `ada-${crypto.randomUUID()}@example.com`);
      await fill(guest, "Password", PASSWORD);
      await press(guest, "Create account");
      await guest.getByRole("link", { name: "New address" }).click();
      await fill(guest, "Street and number", "Keplerstraße 5");
      await fill(guest, "Postal code", "93047");
      await fill(guest, "City", "Regensburg");
      await fill(guest, "Position: latitude, longitude", "49.024, 12.0974");
      await look(guest, "address");
      await press(guest, "Save address");
      await fill(guest, "Dish, restaurant or cuisine", "margherita");
      await sees(guest, "1 deliver to your address");
      await look(guest, "browse");
      await guest.getByRole("link", { name: /Da Enzo/ }).click();
      await press(guest, "Choose Margherita");
      await guest.getByLabel("Large").check();
      await look(guest, "dish");
      await press(guest, /^Add for €12\.50$/);
      await press(guest, "Choose Tiramisu");
      await press(guest, /^Add for/);

      // 2 and 3. The quote, and the order.
      await fill(guest, "Tip for the courier", "1.50");
      await sees(guest, "€22.50");
      await look(guest, "cart");
      await press(guest, "Place order");
      await guest.getByRole("heading", { name: "Sent to the restaurant" }).waitFor();
      const pin = (await guest.getByLabel("PIN", { exact: true }).textContent()) ?? "";

      // 4 and 5. The courier gets the trip, and the kitchen cooks.
      await sees(courier, "Not ready yet");
      await sees(cook, "+ Large");
      await look(cook, "kitchen-new");
      await press(cook, /^Accept, 15 min: /);
      await guest.getByRole("heading", { name: "Accepted" }).waitFor();
      await press(courier, "I am at the restaurant");
      await sees(courier, /At the restaurant since/);
      await look(courier, "courier-pickup");
      await press(cook, /^Start cooking: /);
      await look(cook, "kitchen-cooking");
      await press(cook, /^Ready: /);
      await sees(courier, "✓ The food is ready");
      await guest.getByRole("heading", { name: "Ready for the courier" }).waitFor();

      // 6 and 7. The ride, followed live, and the door.
      await press(courier, "Picked up");
      await guest.getByRole("heading", { name: "On the way" }).waitFor();
      await cook.getByText("✓ Ready to hand out").waitFor({ state: "detached" });
      await press(courier, "100 m north");
      await sees(guest, /Courier seen \d+ s ago/);
      await look(guest, "follow");
      await press(courier, "I am at the door");
      await sees(courier, /At the door since/);
      const wrong = pin === "0000" ? "0001" : "0000";
      for (const digit of wrong) await press(courier, digit);
      await press(courier, "Hand over");
      await sees(courier, "WRONG_PIN");
      await look(courier, "courier-door");
      for (const digit of pin) await press(courier, digit);
      await press(courier, "Hand over");
      await guest.getByRole("heading", { name: "Delivered" }).waitFor();
      await sees(courier, "No trip now");
      await look(guest, "delivered");

      // Sold out at one tap.
      await press(cook, "Dishes");
      await press(cook, "Sold out: Tiramisu");
      await button(cook, "Sell again: Tiramisu").waitFor();
      await look(cook, "kitchen-dishes");

      // Each call leads to its operation in Swagger.
      const calls = cook.locator(".calls");
      await calls.locator("summary").click();
      const links = await calls
        .getByRole("link")
        .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
      await guest.locator(".calls summary").click();
      await courier.locator(".calls summary").click();
      for (const tab of [guest, courier])
        links.push(
          ...(await tab
            .locator(".calls a")
            .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))),
        );
      expect(links.length).toBeGreaterThan(20);
      expect(await unknownOperations(links)).toEqual([]);
      expect(await calls.textContent()).not.toContain(PASSWORD);

      expect(violations).toEqual([]);
      expect(faults).toEqual([]);
    }, 90_000);

    test("mask a password, let it be pasted, and offer to sign out", async () => {
      for (const role of ["kitchen", "courier", "customer"]) {
        const tab = await openTab(role);
        if (role === "customer") await tab.getByRole("link", { name: "Sign in" }).click();
        const password = tab.getByLabel("Password");
        expect(await password.getAttribute("type")).toBe("password");
        const isPasted = await password.evaluate((field) =>
          field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true })),
        );
        expect(isPasted).toBe(true);
        if (role !== "kitchen") continue;
        await fill(tab, "Email", kitchen.email);
        await fill(tab, "Password", PASSWORD);
        await press(tab, "Sign in");
        await press(tab, "Sign out");
        await tab.getByLabel("Password").waitFor();
      }
    });

    test("say that the link is lost, and catch up by themselves", async () => {
      const cook = await openTab("kitchen");
      await fill(cook, "Email", kitchen.email);
      await fill(cook, "Password", PASSWORD);
      await press(cook, "Sign in");
      await sees(cook, "● Live");
      const before = faults.length;
      await platform.first.restaurant.kill();
      await sees(cook, "Live link lost");
      await platform.first.restaurant.start();
      await cook.getByText("● Live").waitFor({ timeout: 20_000 });
      // The browser itself reports each failed connection.
      faults.length = before;
    }, 60_000);
  });
});

/** The links whose tag or operation the service's document does not have. */
async function unknownOperations(links: string[]): Promise<string[]> {
  const known = new Set<string>();
  for (const url of Object.values(platform.urls)) {
    const { paths } = (await (await fetch(`${url}/swagger/json`)).json()) as {
      paths: Record<string, Record<string, { operationId: string; tags: string[] }>>;
    };
    for (const operation of Object.values(paths).flatMap((path) => Object.values(path)))
      known.add(`${url}/swagger#/${encodeURIComponent(operation.tags?.[0] ?? "")}/${operation.operationId}`);
  }
  return [...new Set(links)].filter((link) => !known.has(link));
}
