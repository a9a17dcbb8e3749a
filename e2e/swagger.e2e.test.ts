// Swagger of each service in a real browser, as somebody explores it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import type { Browser, Page } from "playwright-core";
import { type ServiceName, services } from "../tools/services.ts";
import { newCustomer, openRestaurant, PASSWORD } from "./actors.ts";
import { hasBrowser, openBrowser, watch } from "./browser.ts";
import { openPlatform, type Platform } from "./platform.ts";

/** Bytes on the wire that a first visit may cost. */
const FIRST_VISIT_MAX = 500_000;

let platform: Platform;
let browser: Browser;
const faults: string[] = [];

async function openSwagger(service: ServiceName): Promise<Page> {
  const url = platform.urls[service];
  const tab = await browser.newPage();
  await watch(tab, [url], (fault) => faults.push(`${service}: ${fault}`));
  await tab.goto(`${url}/swagger`);
  await tab.locator(".opblock").first().waitFor();
  return tab;
}

/** Opens an operation, sends it with this body and these headers, and returns the answer. */
async function tryOut(tab: Page, operationId: string, body: object, headers: Record<string, string> = {}) {
  const operation = tab.locator(`.opblock[id$="-${operationId}"]`);
  await operation.locator(".opblock-summary-control").click();
  await operation.getByRole("button", { name: "Try it out" }).click();
  for (const [name, value] of Object.entries(headers))
    await operation.getByPlaceholder(name, { exact: true }).fill(value);
  await operation.locator("textarea.body-param__text").fill(JSON.stringify(body));
  await operation.getByRole("button", { name: "Execute" }).click();
  const answer = operation.locator(".live-responses-table .response").first();
  const status = await answer.locator(".response-col_status").textContent();
  const text = await answer.locator(".highlight-code code").first().textContent();
  return { status: status?.trim(), body: JSON.parse(text ?? "") as Record<string, string> };
}

describe.skipIf(!hasBrowser)("in a browser", () => {
  describeWithDatabases("Swagger", () => {
    beforeAll(async () => {
      platform = await openPlatform();
      browser = await openBrowser();
    });
    afterAll(async () => {
      await browser?.close();
      await platform?.stop();
    });

    test.each(services)(
      "of the $name service shows its operations, from its own files alone",
      async ({ name }) => {
        const url = platform.urls[name];
        const { paths, webhooks = {} } = (await (await fetch(`${url}/swagger/json`)).json()) as {
          paths: Record<string, object>;
          webhooks?: Record<string, object>;
        };
        const tab = await openSwagger(name);
        const items = [...Object.values(paths), ...Object.values(webhooks)];
        const operations = items.reduce((sum, item) => sum + Object.keys(item).length, 0);
        expect(await tab.locator(".opblock").count()).toBe(operations);
        const bytes = await tab.evaluate(
          "performance.getEntriesByType('resource').reduce((sum, { transferSize }) => sum + transferSize, 0)",
        );
        expect(bytes).toBeLessThan(FIRST_VISIT_MAX);
        await tab.close();
        expect(faults).toEqual([]);
      },
    );

    test("signs in and places an order by *Try it out*", async () => {
      const kitchen = await openRestaurant(platform);
      const { email, addressId } = await newCustomer(platform);
      const tab = await openSwagger("customer");
      const session = await tryOut(tab, "postSessions", { email, password: PASSWORD });
      expect(session.status).toBe("201");
      await tab.getByRole("button", { name: "Authorize" }).first().click();
      const dialog = tab.locator(".modal-ux");
      await dialog
        .getByLabel("auth-bearer-value")
        .first()
        .fill(session.body.accessToken ?? "");
      await dialog.getByRole("button", { name: "Apply credentials" }).first().click();
      await dialog.getByRole("button", { name: "Close" }).last().click();
      const items = [{ dishId: kitchen.dishIds[0], quantity: 1 }];
      const order = await tryOut(
        tab,
        "postOrders",
        { restaurantId: kitchen.id, addressId, items },
        { "idempotency-key": crypto.randomUUID() },
      );
      expect([order.status, order.body.status]).toEqual(["201", "pending"]);
      expect(faults).toEqual([]);
    });
  });
});
