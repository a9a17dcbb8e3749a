import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Inbox, startInbox } from "@food/shared/testing/inbox";
import { type InboxPage, serveInbox } from "./inbox-page.ts";

let inbox: Inbox;
let page: InboxPage;
beforeAll(async () => {
  inbox = await startInbox();
  page = serveInbox(inbox, 0);
  for (const subject of ["First", "<script>Second</script>"])
    inbox.mails.unshift({
      to: ["ada@example.com"],
      from: "shop@example.com",
      subject,
      text: "Open http://127.0.0.1:1/reset#token=a-b_c now & here",
      links: ["http://127.0.0.1:1/reset#token=a-b_c"],
      receivedAt: new Date().toISOString(),
    });
});
afterAll(async () => {
  await page.stop();
  await inbox.stop();
});
const read = async (path: string, headers: Record<string, string> = {}) =>
  (await fetch(page.url + path, { headers })).text();

test("the page shows the newest mail first, escaped, with links to click", async () => {
  const html = await read("/");
  expect(html.indexOf("Second")).toBeLessThan(html.indexOf("First"));
  expect(html).not.toContain("<script>");
  expect(html).toContain('<a href="http://127.0.0.1:1/reset#token=a-b_c">');
  expect(html).toContain("now &#38; here");
});

test("programs read the same as JSON", async () => {
  const { items } = JSON.parse(await read("/mails"));
  expect(items).toEqual(JSON.parse(JSON.stringify(inbox.mails)));
});

test("a link leads to a page that shows its token", async () => {
  expect(await read("/customer/reset-password")).toContain("location.hash");
});

test("answers 403 under a foreign host name", async () => {
  const response = await fetch(page.url, { headers: { host: "evil.example" } });
  expect(response.status).toBe(403);
});
