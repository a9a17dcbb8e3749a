// The pages in a real browser over the compiled binaries. They play the seven steps together.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { describeWithDatabases } from "@food/shared/testing/service";
import {
  courierOnDuty,
  expectStatus,
  FIRST_OPERATOR,
  type Kitchen,
  newCustomer,
  openRestaurant,
  PASSWORD,
} from "../e2e/actors.ts";
import { hasBrowser } from "../e2e/browser.ts";
import { openPlatform } from "../e2e/platform.ts";
import {
  type Browsing,
  button,
  CITY_CENTRE,
  callLinks,
  fill,
  letTownLive,
  openOperator,
  openPages,
  openPizzeria,
  openWithCode,
  press,
  pressHeard,
  sees,
  signIn,
  unknownOperations,
} from "./browser.builder.ts";

let web: Browsing;
let kitchen: Kitchen;
/** Set it to see how fast the pages hear of each other. */
const { FIGURES } = process.env;

describe.skipIf(!hasBrowser)("in a browser", () => {
  describeWithDatabases("the pages", () => {
    beforeAll(async () => {
      web = await openPages((origin) =>
        openPlatform({ environment: { CORS_ORIGINS: origin, ...FIRST_OPERATOR } }),
      );
      kitchen = await openPizzeria(web.platform);
    });
    afterAll(async () => {
      await web?.close();
    });

    test("play the seven steps together, and each hears of the others' moves without a reload", async () => {
      const front = await web.openTab("");
      await web.look(front, "front");
      await letTownLive(front);
      await front.close();

      const cook = await web.openTab("kitchen");
      await web.look(cook, "sign-in");
      await signIn(cook, kitchen.email);
      await sees(cook, "● Live");

      const operator = await openOperator(web);
      const heard: string[] = [];

      const courier = await web.openTab("courier");
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
      const guest = await web.openTab("customer");
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
      await web.look(guest, "address");
      await press(guest, "Save address");
      await fill(guest, "Dish, restaurant or cuisine", "margherita");
      await sees(guest, "1 deliver to your address");
      await web.look(guest, "browse");
      await guest.getByRole("link", { name: /Da Enzo/ }).click();
      await press(guest, "Choose Margherita");
      await guest.getByLabel("Large").check();
      await web.look(guest, "dish");
      await press(guest, /^Add for €12\.50$/);
      await press(guest, "Choose Tiramisu");
      await press(guest, /^Add for/);

      // 2 and 3. The quote, and the order.
      await fill(guest, "Tip for the courier", "1.50");
      await sees(guest, "€22.50");
      await web.look(guest, "cart");
      heard.push(
        ...(await pressHeard(guest, "Place order", [
          ["kitchen", cook, ".ticket", "+ Large"],
          ["courier", courier, "main", "Not ready yet"],
          ["operator", operator, ".lane", "#"],
        ])),
      );
      await guest.getByRole("heading", { name: "Sent to the restaurant" }).waitFor();
      const pin = (await guest.getByLabel("PIN", { exact: true }).textContent()) ?? "";

      // 4 and 5. The courier gets the trip, and the kitchen cooks.
      await sees(courier, "Not ready yet");
      await sees(cook, "+ Large");
      await web.look(cook, "kitchen-new");
      await operator.locator(".lane a").click();
      await sees(operator, "Courier found");
      heard.push(
        ...(await pressHeard(cook, /^Accept, 15 min: /, [
          ["customer", guest, "h1", "Accepted"],
          ["operator", operator, ".timeline", "Accepted"],
        ])),
      );
      await guest.getByRole("heading", { name: "Accepted" }).waitFor();
      await operator.getByText("Why this courier?").click();
      await sees(operator, "m from the restaurant");
      await web.look(operator, "town-order");
      heard.push(
        ...(await pressHeard(courier, "I am at the restaurant", [
          ["operator", operator, ".timeline", "Courier is at the restaurant"],
        ])),
      );
      await sees(courier, /At the restaurant since/);
      await web.look(courier, "courier-pickup");
      await press(cook, /^Start cooking: /);
      await web.look(cook, "kitchen-cooking");
      heard.push(
        ...(await pressHeard(cook, /^Ready: /, [
          ["courier", courier, "main", "✓ The food is ready"],
          ["customer", guest, "h1", "Ready for the courier"],
          ["operator", operator, ".timeline", "Food is ready"],
        ])),
      );
      await sees(courier, "✓ The food is ready");
      await guest.getByRole("heading", { name: "Ready for the courier" }).waitFor();

      // 6 and 7. The ride, followed live, and the door.
      heard.push(
        ...(await pressHeard(courier, "Picked up", [
          ["customer", guest, "h1", "On the way"],
          ["operator", operator, ".timeline", "Picked up"],
        ])),
      );
      await guest.getByRole("heading", { name: "On the way" }).waitFor();
      await cook.getByText("✓ Ready to hand out").waitFor({ state: "detached" });
      await press(courier, "100 m north");
      await sees(guest, /Courier seen \d+ s ago/);
      await web.look(guest, "follow");
      await press(courier, "I am at the door");
      await sees(courier, /At the door since/);
      const wrong = pin === "0000" ? "0001" : "0000";
      for (const digit of wrong) await press(courier, digit);
      await press(courier, "Hand over");
      await sees(courier, "WRONG_PIN");
      await web.look(courier, "courier-door");
      for (const digit of pin) await press(courier, digit);
      heard.push(
        ...(await pressHeard(courier, "Hand over", [
          ["customer", guest, "h1", "Delivered"],
          ["operator", operator, ".timeline", "Delivered"],
        ])),
      );
      await press(operator, "Table");
      await web.look(operator, "town-table");
      if (FIGURES) process.stdout.write(`${heard.join("\n")}\n`);
      await guest.getByRole("heading", { name: "Delivered" }).waitFor();
      await sees(courier, "No trip now");
      await web.look(guest, "delivered");

      // Sold out at one tap.
      await press(cook, "Dishes");
      await press(cook, "Sold out: Tiramisu");
      await button(cook, "Sell again: Tiramisu").waitFor();
      await web.look(cook, "kitchen-dishes");

      // Each call leads to its operation in Swagger.
      const links = (await Promise.all([cook, guest, courier, operator].map(callLinks))).flat();
      expect(links.length).toBeGreaterThan(20);
      expect(await unknownOperations(Object.values(web.platform.urls), links)).toEqual([]);
      expect(await cook.locator(".calls").textContent()).not.toContain(PASSWORD);

      expect(web.violations).toEqual([]);
      expect(web.faults).toEqual([]);
    });

    test("let an operator take an order from its courier and cancel it, and show what the API refuses", async () => {
      const place = await openRestaurant(web.platform, CITY_CENTRE);
      for (const lat of [49.018, 49.019]) await courierOnDuty(web.platform, { lat, lng: 12.0974 });
      const eater = await newCustomer(web.platform, { lat: 49.024, lng: 12.0974 });
      const { orderId } = expectStatus(await eater.order(place), 201);
      const operator = await openOperator(web);
      await operator.locator(`.lane a[href*="${orderId}"]`).click();
      const read = async () => expectStatus(await eater.send<Order>(`GET /v1/orders/${orderId}`), 200);
      const before = (await read()).courier?.courierId;
      expect(await button(operator, "Cancel order").isDisabled()).toBe(true);
      await fill(operator, "Reason", "Does not answer");
      await press(operator, "It is delivered");
      await sees(operator, "ILLEGAL_MOVE");
      await press(operator, /^Take it from/);
      await sees(operator, "Courier released");
      await sees(operator, "“Does not answer”");
      await operator.getByText("Courier found").nth(1).waitFor();
      expect((await read()).courier?.courierId).not.toBe(before);
      await fill(operator, "Reason", "The kitchen burns");
      await press(operator, "Cancel order");
      await operator.locator(".order .big").getByText("Cancelled").waitFor();
      await operator.locator(`.lane a[href*="${orderId}"]`).waitFor({ state: "detached" });
      const seen = await read();
      expect([seen.status, seen.reason]).toEqual(["cancelled", "The kitchen burns"]);
      expect(web.faults).toEqual([]);
    });

    test("let a restaurant sign up, write a menu and open", async () => {
      const cook = await web.openTab("kitchen");
      await press(cook, "New account");
      await fill(cook, "Name", "Alba");
      await fill(cook, "Phone", "+49 941 5550123");
      await fill(cook, "Cuisines", "Italian, Pizza");
      await fill(cook, "Street and number", "Goliathstraße 1");
      await fill(cook, "Postal code", "93047");
      await fill(cook, "City", "Regensburg");
      await fill(cook, "Position: latitude, longitude", "49.018, 12.097");
      await fill(cook, "Email", `alba-${crypto.randomUUID()}@example.com`);
      await fill(cook, "Password", PASSWORD);
      await web.look(cook, "kitchen-sign-up");
      await press(cook, "Create account");
      await cook.getByRole("heading", { name: "Alba" }).waitFor();
      await press(cook, "Dishes");
      await fill(cook, "Name", "Marinara");
      await fill(cook, "Price in EUR", "7.90");
      await press(cook, "Add dish");
      await button(cook, "Sold out: Marinara").waitFor();
      await press(cook, "Take orders");
      await button(cook, "Stop taking orders").waitFor();
      expect(web.violations).toEqual([]);
    });

    test("mask a password, let it be pasted, ask for a code, offer to sign out, and know the device again", async () => {
      for (const role of ["kitchen", "courier", "customer"]) {
        const tab = await web.openTab(role);
        if (role === "customer") await tab.getByRole("link", { name: "Sign in" }).click();
        const password = tab.getByLabel("Password");
        expect(await password.getAttribute("type")).toBe("password");
        const isPasted = await password.evaluate((field) =>
          field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true })),
        );
        expect(isPasted).toBe(true);
        if (role !== "kitchen") continue;
        await signIn(tab, kitchen.email);
        await press(tab, "Sign out");
        await tab.getByLabel("Password").waitFor();
        const again = tab.waitForRequest((request) => request.url().endsWith("/v1/sessions"));
        await signIn(tab, kitchen.email);
        expect((await again).postDataJSON()).toMatchObject({ deviceToken: expect.any(String) });
      }
      await openWithCode(web);
      expect(web.faults.splice(0)).toEqual([expect.stringContaining("status of 401")]);
    });

    test("say that the link is lost, and catch up by themselves", async () => {
      const cook = await web.openTab("kitchen");
      await signIn(cook, kitchen.email);
      await sees(cook, "● Live");
      const operator = await openOperator(web);
      const before = web.faults.length;
      const { restaurant, order } = web.platform.first;
      await Promise.all([restaurant.kill(), order.kill()]);
      await sees(cook, "Live link lost");
      await sees(operator, "Live link lost");
      await operator.locator(".town-grid.grey").waitFor();
      await Promise.all([restaurant.start(), order.start()]);
      for (const tab of [cook, operator]) await tab.getByText("● Live").waitFor();
      await operator.locator(".town-grid:not(.grey)").waitFor();
      // The browser itself reports each failed connection.
      web.faults.length = before;
    });
  });
});
