// An SMTP server that keeps what it receives, for tests and for the launcher. Imports no test runner.
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

export interface ReceivedMail {
  to: string[];
  from: string;
  subject: string;
  text: string;
  /** The URLs in the text. */
  links: string[];
  receivedAt: string;
}

export interface Inbox {
  /** For MAIL_URL. */
  url: string;
  /** Newest first, at most `KEPT_MAX`. */
  mails: ReceivedMail[];
  stop: () => Promise<void>;
}

export const KEPT_MAX = 500;

async function readMail(stream: AsyncIterable<Uint8Array>, to: string[]): Promise<ReceivedMail> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  const { from, subject = "", text = "" } = await PostalMime.parse(Buffer.concat(chunks));
  return {
    to,
    from: from?.address ?? "",
    subject,
    text,
    links: text.match(/https?:\/\/\S+/g) ?? [],
    receivedAt: new Date().toISOString(),
  };
}

/** Listens on 127.0.0.1. `refuse` may answer a recipient with an error. */
export async function startInbox(
  options: { port?: number; refuse?: (address: string) => Error | undefined } = {},
): Promise<Inbox> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    onRcptTo: ({ address }, _, answer) => answer(options.refuse?.(address)),
    onData(stream, { envelope }, answer) {
      readMail(
        stream,
        envelope.rcptTo.map(({ address }) => address),
      ).then((mail) => {
        mails.unshift(mail);
        mails.length = Math.min(mails.length, KEPT_MAX);
        answer();
      }, answer);
    },
  });
  const failed = Promise.withResolvers<never>();
  // A client that goes away is an error event too, and must not end this process.
  server.on("error", failed.reject);
  const listening = new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  await Promise.race([listening, failed.promise]);
  failed.promise.catch(() => undefined);
  const address = server.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export const mailsTo = (inbox: Inbox, address: string) =>
  inbox.mails.filter(({ to }) => to.includes(address.toLowerCase()));

/** The token of the first link in the newest mail to this address. Throws without one. */
export function tokenTo(inbox: Inbox, address: string): string {
  const [, token] = /#token=([\w-]+)$/.exec(mailsTo(inbox, address)[0]?.links[0] ?? "") ?? [];
  if (!token) throw new Error(`The newest mail to ${address} has no link`);
  return token;
}

/** The settings of a service that sends its mail here. */
export const mailConfig = ({ url }: Inbox) => ({
  MAIL_URL: url,
  MAIL_FROM: "Shop <shop@example.com>",
  LINK_BASE_URL: "https://web.example",
});
