// A browser on the pages of a running platform. Collects what must not happen: errors, requests to other hosts, and what a
// check of accessibility finds.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { codeAt } from "@food/shared/accounts/second-factor/totp";
import axe from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { expectStatus, FIRST_OPERATOR, type Kitchen, openRestaurant, PASSWORD } from "../e2e/actors.ts";
import { openBrowser, watch } from "../e2e/browser.ts";
import type { Platform } from "../e2e/platform.ts";
import { freePort } from "../tools/free-port.ts";
import { servePages, type TownLife } from "../tools/pages/serve-pages.ts";

/** Set it to keep a picture of each page. */
const { SCREENSHOTS } = process.env;

export type Browsing = Awaited<ReturnType<typeof openPages>>;

/** A town that only says that it lives. */
function restingTown(): TownLife {
  const now: { speed?: number } = {};
  return {
    speed: () => now.speed,
    async start(speed) {
      now.speed = speed;
    },
    async stop() {
      delete now.speed;
    },
  };
}

/** `startPlatform` gets the origin of the pages. */
export async function openPages(startPlatform: (origin: string) => Promise<Platform>) {
  const port = freePort();
  const platform = await startPlatform(`http://localhost:${port}`);
  const pages = servePages({
    ...{ port, addresses: () => platform.urls },
    demo: { password: PASSWORD, life: restingTown() },
  });
  if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true });
  const browser = await openBrowser();
  const context = await browser.newContext({ locale: "en-GB" });
  const faults: string[] = [];
  const violations: string[] = [];
  return {
    ...{ platform, faults, violations },
    openTab: (role: string) =>
      openTab(context, role, [pages.url, ...Object.values(platform.urls)], pages.url, faults),
    look: (tab: Page, name: string) => look(tab, name, violations),
    async close() {
      await browser.close();
      await pages.stop();
      await platform.stop();
    },
  };
}

async function openTab(
  context: BrowserContext,
  role: string,
  known: string[],
  url: string,
  faults: string[],
): Promise<Page> {
  const tab = await context.newPage();
  // The typed client repeats what was answered 503.
  const expected = [404, 409, 422, 503];
  await watch(tab, known, (fault) => faults.push(`${role}: ${fault}`), expected);
  await tab.goto(`${url}/#/${role}`);
  return tab;
}

export const button = (tab: Page, name: string | RegExp) => tab.getByRole("button", { name, exact: true });
/** In front, because a browser draws the tabs behind it once a second. */
export async function press(tab: Page, name: string | RegExp): Promise<void> {
  await tab.bringToFront();
  await button(tab, name).first().click();
}
export const fill = (tab: Page, label: string, value: string) => tab.getByLabel(label).fill(value);
export async function signIn(tab: Page, email: string): Promise<void> {
  await fill(tab, "Email", email);
  await fill(tab, "Password", PASSWORD);
  await tab.bringToFront();
  await tab.locator("form button[type=submit]").click();
}
export const sees = (tab: Page, text: string | RegExp) => tab.getByText(text).first().waitFor();

/** Checks a page in light and dark, wide and narrow. */
async function look(tab: Page, name: string, violations: string[]): Promise<void> {
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

/** When an element first has the text, in epoch milliseconds. Unlike a look from outside, it does not wait for a frame. */
const shows = (tab: Page, selector: string, text: string): Promise<number> =>
  tab.evaluate(
    ([found = "", sought = ""]) =>
      new Promise<number>((resolve) => {
        const seek = () => {
          const isThere = [...document.querySelectorAll(found)].some((one) =>
            one.textContent?.includes(sought),
          );
          if (isThere) resolve(Date.now());
        };
        const observer = new MutationObserver(seek);
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        seek();
      }),
    [selector, text],
  );

export type Hearing = [who: string, tab: Page, selector: string, text: string];

/** Presses a button that makes a call, and waits until others show it. Returns how long after the answer each did. */
export async function pressHeard(tab: Page, name: string | RegExp, hearings: Hearing[]): Promise<string[]> {
  const heard = hearings.map(([, other, selector, text]) => shows(other, selector, text));
  const answered = tab
    .waitForResponse((response) => !/GET|OPTIONS/.test(response.request().method()))
    .then(() => Date.now());
  await press(tab, name);
  const from = await answered;
  return Promise.all(
    heard.map(async (at, index) => {
      const [who, , , text] = hearings[index] as Hearing;
      return `${Math.max(0, (await at) - from)} ms: ${who} sees "${text}"`;
    }),
  );
}

/** Where the calls of the page lead to. */
export async function callLinks(tab: Page): Promise<string[]> {
  await tab.evaluate(() => document.querySelector(".calls")?.setAttribute("open", ""));
  const links = tab.locator(".calls a");
  return links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
}

/** The links whose tag or operation the documents of the services do not have. */
export async function unknownOperations(urls: string[], links: string[]): Promise<string[]> {
  const known = new Set<string>();
  for (const url of urls) {
    const { paths } = (await (await fetch(`${url}/swagger/json`)).json()) as {
      paths: Record<string, Record<string, { operationId: string; tags: string[] }>>;
    };
    for (const operation of Object.values(paths).flatMap((path) => Object.values(path)))
      known.add(`${url}/swagger#/${encodeURIComponent(operation.tags?.[0] ?? "")}/${operation.operationId}`);
  }
  return [...new Set(links)].filter((link) => !known.has(link));
}

export const CITY_CENTRE = { lat: 49.0175, lng: 12.0974 };

/** A restaurant whose Margherita comes in two sizes. */
export async function openPizzeria(platform: Platform): Promise<Kitchen> {
  const kitchen = await openRestaurant(platform, CITY_CENTRE);
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
  return kitchen;
}

/** The kitchen of an owner with a second factor. */
export async function openWithCode(web: Browsing): Promise<void> {
  const restaurant = await openRestaurant(web.platform);
  const path = "/v1/restaurants/me/second-factor";
  const begun = await restaurant.send<{ secret: string }>(`POST ${path}`, { currentPassword: PASSWORD });
  const { secret } = expectStatus(begun, 201);
  expectStatus(await restaurant.send(`POST ${path}/confirm`, { code: codeAt(secret, new Date()) }), 200);
  const cook = await web.openTab("kitchen");
  await signIn(cook, restaurant.email);
  const field = cook.getByLabel("Code of your app, or a recovery code");
  await field.waitFor();
  // That of the next time step: the code of this step is used.
  await field.fill(codeAt(secret, new Date(Date.now() + 30_000)));
  await cook.locator("form button[type=submit]").click();
  await sees(cook, "● Live");
}

/** The town page of the first operator, live. */
export async function openOperator(web: Browsing): Promise<Page> {
  const operator = await web.openTab("town");
  await signIn(operator, FIRST_OPERATOR.OPERATOR_EMAIL);
  await sees(operator, "● Live");
  return operator;
}

/** And rest again. */
export async function letTownLive(front: Page): Promise<void> {
  await press(front, "Let it live");
  await sees(front, /It lives, 6 times faster/);
  await press(front, "Stop it");
  await sees(front, "It rests.");
}
