// A real browser, where one is installed.
import { existsSync } from "node:fs";
import { WAIT_MAX_MS } from "@food/shared/testing/tools";
import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser)
  process.stdout.write(`No page is tested in a browser: there is no ${CHROMIUM}. Install chromium.\n`);

/** The first start on a busy machine. */
const LAUNCH_MAX_MS = 120_000;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: FLAGS, timeout: LAUNCH_MAX_MS });

/** Lets the tab wait as long as tests do, and calls `onFault` for each error, each request to another origin, and each violation
 * of the page's policy. Refusals with one of the expected statuses are no faults. */
export async function watch(
  tab: Page,
  origins: string[],
  onFault: (fault: string) => void,
  expected: number[] = [],
): Promise<void> {
  tab.setDefaultTimeout(WAIT_MAX_MS);
  const isExpected = new RegExp(`status of (${expected.join("|") || "none"})`);
  tab.on("console", (message) => {
    if (message.type() === "error" && !isExpected.test(message.text())) onFault(message.text());
  });
  tab.on("pageerror", (error) => onFault(error.message));
  tab.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && !origins.includes(origin)) onFault(`asked ${request.url()}`);
  });
  await tab.addInitScript(`document.addEventListener("securitypolicyviolation", (event) => {
    throw new Error("CSP: " + event.violatedDirective + " " + event.blockedURI);
  })`);
}
