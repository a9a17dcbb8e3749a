// The launcher's page of the mail that its services sent, and of the links in it.
import type { Inbox, ReceivedMail } from "@food/shared/testing/inbox";

export interface InboxPage {
  url: string;
  stop: () => Promise<void>;
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const linked = (text: string) =>
  escaped(text).replace(/https?:\/\/[^\s&]+/g, (url) => `<a href="${url}">${url}</a>`);

const page = (body: string) =>
  new Response(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Inbox</title>
<style>body{font:16px sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;background:#f3f3f3;padding:1rem}</style>
${body}</html>`,
    { headers: { "content-type": "text/html; charset=utf-8", "referrer-policy": "no-referrer" } },
  );

const mailPart = ({ to, subject, text, receivedAt }: ReceivedMail) =>
  `<h2>${escaped(subject)}</h2><p>To ${escaped(to.join(", "))} at ${receivedAt}</p><pre>${linked(text)}</pre>`;

const listPage = ({ mails }: Inbox) =>
  page(`<h1>Inbox</h1><p>Newest first. Also as <a href="/mails">JSON</a>.</p>
${mails.length > 0 ? mails.map(mailPart).join("\n") : "<p>No mail yet.</p>"}`);

/** Where a link leads while there are no web pages: shows the token for the API. */
const linkPage = () =>
  page(`<h1>A link from a mail</h1><p>A web page would now send this token to its service:</p><pre id="token"></pre>
<script>document.getElementById("token").textContent = new URLSearchParams(location.hash.slice(1)).get("token")</script>`);

/** Only for this machine: a foreign page could otherwise read it under a name that it points here. */
const isLocal = (request: Request) =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.get("host") ?? "");

export function serveInbox(inbox: Inbox, port: number): InboxPage {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    fetch(request) {
      if (!isLocal(request)) return new Response(null, { status: 403 });
      const { pathname } = new URL(request.url);
      if (pathname === "/") return listPage(inbox);
      return pathname === "/mails" ? Response.json({ items: inbox.mails }) : linkPage();
    },
  });
  return { url: server.url.origin, stop: () => server.stop(true) };
}
