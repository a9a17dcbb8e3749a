import { afterEach, describe, expect, test } from "bun:test";
import { type Inbox, startInbox } from "../../testing/inbox.ts";
import { silentLog } from "../../testing/running-app.ts";
import type { Log } from "../observe/log.ts";
import { type Mail, type Mailer, openMailer, startMailer, type Transport } from "./mailer.ts";

const MAIL = { to: "ada@example.com", subject: "Hello", text: "Grüße\nhttp://web.example/reset#token=abc" };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A log that keeps its lines as text. */
function keptLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const keep = (...given: unknown[]) => void lines.push(JSON.stringify(given));
  return { log: { ...silentLog, warn: keep, info: keep } as unknown as Log, lines };
}

/** A transport whose next sends fail with these errors, and then succeed. */
function transportWith(errors: Error[] = []) {
  const sent: Mail[] = [];
  let tries = 0;
  const transport: Transport = {
    async sendMail(mail) {
      tries++;
      const error = errors.shift();
      if (error) throw error;
      sent.push(mail);
    },
    close: () => {},
  };
  return { transport, sent, tries: () => tries };
}

const failure = (fields: object = { code: "ECONNECTION" }) =>
  Object.assign(new Error(`no mail for ${MAIL.to}: ${MAIL.text}`), fields);

describe("a mailer", () => {
  const withInbox = async (refuse?: (address: string) => Error | undefined) => {
    const inbox = await startInbox({ ...(refuse && { refuse }) });
    stops.push(inbox.stop);
    return inbox;
  };
  const mailerOf = (inbox: Inbox, log = silentLog): Mailer => {
    const mailer = openMailer(
      { MAIL_URL: inbox.url, MAIL_FROM: "Shop <shop@example.com>", LINK_BASE_URL: "https://web.example/" },
      log,
    );
    stops.push(mailer.stop);
    return mailer;
  };

  test("sends over SMTP", async () => {
    const inbox = await withInbox();
    const mailer = mailerOf(inbox);
    mailer.send(MAIL);
    await mailer.idle();
    expect(inbox.mails).toMatchObject([
      {
        to: [MAIL.to],
        from: "shop@example.com",
        subject: "Hello",
        links: ["http://web.example/reset#token=abc"],
      },
    ]);
    expect(inbox.mails[0]?.text.trim()).toBe(MAIL.text);
  });

  test.each([
    "ada@example.com, eve@example.com",
    "Ada <ada@example.com>, eve@example.com",
    "ada@example.com\r\nBcc: eve@example.com",
  ])("sends nothing to a second recipient in %j", async (to) => {
    const inbox = await withInbox();
    const mailer = mailerOf(inbox);
    mailer.send({ ...MAIL, to });
    mailer.send({ ...MAIL, subject: "Hello\r\nBcc: eve@example.com" });
    await mailer.stop();
    expect(inbox.mails.flatMap((mail) => mail.to)).not.toContain("eve@example.com");
  });

  test("does not repeat what the server refused for good", async () => {
    let asked = 0;
    const inbox = await withInbox(() => {
      asked++;
      return Object.assign(new Error(`No mailbox ${MAIL.to}`), { responseCode: 550 });
    });
    const { log, lines } = keptLog();
    const mailer = mailerOf(inbox, log);
    mailer.send(MAIL);
    await mailer.idle();
    expect([asked, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain("Mail was given up");
    expect(lines[0]).toContain("550");
    expect(lines[0]).not.toContain("example.com");
  });

  test("links to a page, with the token in the fragment", async () => {
    expect(mailerOf(await withInbox()).linkTo("reset-password", "t")).toBe(
      "https://web.example/reset-password#token=t",
    );
  });

  test("retries with back-off, and logs neither address nor text", async () => {
    const { log, lines } = keptLog();
    const { transport, sent } = transportWith([failure(), failure()]);
    const mailer = startMailer(transport, log, { retryMs: 1 });
    mailer.send(MAIL);
    await mailer.idle();
    expect(sent).toEqual([MAIL]);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toMatch(/example|token/);
  });

  test("gives up after five tries", async () => {
    const { transport, tries } = transportWith(Array.from({ length: 9 }, () => failure()));
    const mailer = startMailer(transport, silentLog, { retryMs: 1 });
    mailer.send(MAIL);
    await mailer.idle();
    expect(tries()).toBe(5);
  });

  test("composes when the mail's turn comes, again until that succeeds, and sends nothing for undefined", async () => {
    const { transport, sent } = transportWith([failure()]);
    const mailer = startMailer(transport, silentLog, { retryMs: 1 });
    let composed = 0;
    mailer.send(async () => {
      if (++composed === 1) throw failure();
      return { ...MAIL, text: String(composed) };
    });
    mailer.send(async () => undefined);
    await mailer.idle();
    expect([composed, sent.map(({ text }) => text)]).toEqual([2, ["2"]]);
  });

  test("drops and logs what is more than the bound, without its address", async () => {
    const { log, lines } = keptLog();
    const { transport, sent } = transportWith();
    const mailer = startMailer(transport, log, { waitingMax: 2 });
    // Four are sent at once and two wait.
    for (let i = 0; i < 8; i++) mailer.send(MAIL);
    await mailer.idle();
    expect(sent).toHaveLength(6);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain("example");
  });

  test("that stops sends what waits and cuts back-offs short", async () => {
    const { transport, sent } = transportWith([failure()]);
    const mailer = startMailer(transport, silentLog, { retryMs: 3_600_000 });
    for (let i = 0; i < 20; i++) mailer.send(MAIL);
    await mailer.stop();
    expect(sent).toHaveLength(20);
  });

  test("without a mail server does nothing", async () => {
    const mailer = openMailer({ MAIL_URL: "", MAIL_FROM: "", LINK_BASE_URL: "" }, silentLog);
    expect(mailer.isConfigured).toBe(false);
    mailer.send(async () => {
      throw new Error("composed");
    });
    await mailer.stop();
  });

  test.each(["MAIL_FROM", "LINK_BASE_URL"])("does not start with MAIL_URL and without %s", (name) => {
    const config = { MAIL_URL: "smtp://x", MAIL_FROM: "a@b.example", LINK_BASE_URL: "https://b.example" };
    expect(() => openMailer({ ...config, [name]: "" }, silentLog)).toThrow(`${name} is not set`);
  });
});
