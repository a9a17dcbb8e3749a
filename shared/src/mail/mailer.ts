// Sends mail over SMTP after the response: a request never waits for it, so its time tells nothing about an account. Mail
// that waits is in memory only, so a killed process loses it; its recipient asks again.
import type { Log } from "../observe/log.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { inBackground, outsideRequests } from "../observe/request-scope.ts";

export interface Mail {
  to: string;
  subject: string;
  /** Plain text. */
  text: string;
}

/** Makes the mail when its turn comes, or finds that there is none to send. Repeated only when it throws. */
export type Compose = () => Promise<Mail | undefined>;

export interface Mailer {
  /** False without a mail server: then nothing is sent. */
  isConfigured: boolean;
  /** The URL of a page for a one-time link. The token is in the fragment, which browsers send to no server. */
  linkTo: (page: string, token: string) => string;
  /** Returns at once. When the queue is full, drops the mail and logs that. */
  send: (mail: Mail | Compose) => void;
  /** Resolves when nothing waits any more. */
  idle: () => Promise<void>;
  /** Sends what waits, each with one last try, for at most `DRAIN_MS`. */
  stop: () => Promise<void>;
}

/** Sends one mail. Throws when the server did not take it. */
export interface Transport {
  sendMail: (mail: Mail) => Promise<unknown>;
  close: () => void;
}

export const WAITING_MAX = 1_000;
const AT_ONCE_MAX = 4;
const TRIES = 5;
const DRAIN_MS = 5_000;
const RETRY_MS = { first: 1_000, factor: 4 };
const TIMEOUT_MS = 10_000;
const FAILED = "Mail failed; will retry";

export interface MailConfig {
  /** Empty without a mail server. */
  MAIL_URL: string;
  MAIL_FROM: string;
  LINK_BASE_URL: string;
}

/** The library is loaded with the first mail: loading takes some 50 ms of CPU, which a start need not wait for. */
async function connectSmtp({ MAIL_URL, MAIL_FROM }: MailConfig) {
  const { createTransport } = await import("nodemailer");
  return createTransport(
    {
      url: MAIL_URL,
      pool: true,
      maxConnections: AT_ONCE_MAX,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from: MAIL_FROM },
  );
}

function smtpTransport(config: MailConfig): Transport {
  let connected: ReturnType<typeof connectSmtp> | undefined;
  return {
    async sendMail({ to, ...mail }) {
      connected ??= connectSmtp(config);
      // An address as an object is taken as it is; a text would be parsed, and could name several.
      return (await connected).sendMail({ ...mail, to: { name: "", address: to } });
    },
    close() {
      inBackground(async () => (await connected)?.close());
    },
  };
}

/** The parts of an error that hold neither an address nor a link. */
function reasonOf(error: unknown): { code?: unknown; responseCode?: unknown } {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return { code, responseCode };
}

/** SMTP's 5xx: the same mail would be refused again (RFC 5321, section 4.2.1). */
const isRefused = (error: unknown) => Number(reasonOf(error).responseCode) >= 500;

/** Throws when MAIL_URL is set and what it needs is not. No server needs to be reachable yet. */
export function openMailer(config: MailConfig, log: Log): Mailer {
  for (const name of ["MAIL_FROM", "LINK_BASE_URL"] as const)
    if (config.MAIL_URL && !config[name]) throw new Error(`${name} is not set: MAIL_URL needs it`);
  return startMailer(config.MAIL_URL ? smtpTransport(config) : undefined, log, {
    linkBaseUrl: config.LINK_BASE_URL,
  });
}

/** Without a transport, `send` does nothing. */
export function startMailer(
  transport: Transport | undefined,
  log: Log,
  { linkBaseUrl = "", retryMs = RETRY_MS.first, waitingMax = WAITING_MAX } = {},
): Mailer {
  const outages = repeatedFailures(log);
  const waiting: Compose[] = [];
  const running = new Set<Promise<void>>();
  const stopping = Promise.withResolvers<void>();
  let isStopping = false;

  const pause = (ms: number) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    return Promise.race([promise, stopping.promise]).finally(() => clearTimeout(timer));
  };

  async function deliver(compose: Compose): Promise<void> {
    let mail: Mail | undefined;
    for (let tries = 1; ; tries++) {
      const isLast = tries === TRIES || isStopping;
      try {
        mail ??= await compose();
        if (mail) await transport?.sendMail(mail);
        return outages.over(FAILED);
      } catch (error) {
        const givesUp = isLast || isRefused(error);
        const message = givesUp ? "Mail was given up" : FAILED;
        outages.failed(message, { ...reasonOf(error), tries }, message);
        if (givesUp) return;
        await pause(retryMs * RETRY_MS.factor ** (tries - 1) * (0.8 + 0.4 * Math.random()));
      }
    }
  }

  function startNext(): void {
    if (running.size >= AT_ONCE_MAX) return;
    const next = waiting.shift();
    if (!next) return;
    const run = deliver(next).then(() => {
      running.delete(run);
      startNext();
    });
    running.add(run);
  }

  const idle = async () => {
    while (running.size > 0) await Promise.race(running);
  };

  return {
    isConfigured: transport !== undefined,
    linkTo: (page, token) => `${linkBaseUrl.replace(/\/$/, "")}/${page}#token=${token}`,
    send: outsideRequests((mail: Mail | Compose) => {
      if (!transport) return;
      if (waiting.length >= waitingMax)
        return outages.failed("drop", { waiting: waitingMax }, "Mail was dropped: the queue is full");
      waiting.push(typeof mail === "function" ? mail : async () => mail);
      startNext();
    }),
    idle,
    async stop() {
      isStopping = true;
      stopping.resolve();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, DRAIN_MS);
      await Promise.race([idle(), late]);
      clearTimeout(timer);
      if (running.size > 0)
        log.warn({ waiting: waiting.length + running.size }, "Mail was given up at the stop");
      waiting.length = 0;
      transport?.close();
    },
  };
}
