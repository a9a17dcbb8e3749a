// A service of which each test says how it answers.
import { afterEach, beforeEach } from "bun:test";
import { type ConnectOptions, connect } from "./client.ts";

export interface Seen {
  route: string;
  headers: Headers;
  body: string;
}

/** How the service answers from now on. */
let answer: (seen: Seen) => Response | Promise<Response>;
export const answers = (by: typeof answer) => {
  answer = by;
};
/** What the service was asked, oldest first. */
export let seen: Seen[] = [];
export const seenRoutes = () => seen.map(({ route }) => route);

let server: ReturnType<typeof Bun.serve>;
export const serviceUrl = () => server.url.origin;

/** Starts it for each test of the file. */
export function useService(): void {
  beforeEach(() => {
    seen = [];
    server = Bun.serve({
      port: 0,
      async fetch(request) {
        const route = `${request.method} ${new URL(request.url).pathname}`;
        const one = { route, headers: request.headers, body: await request.text() };
        seen.push(one);
        return answer(one);
      },
    });
  });
  afterEach(() => server.stop(true));
}

export const session = (name: string, more: object = {}) =>
  Response.json(
    {
      accessToken: `access ${name}`,
      tokenType: "Bearer",
      expiresIn: 900,
      refreshToken: `refresh ${name}`,
      ...more,
    },
    { status: 201 },
  );
export const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
  Response.json({ status, code, detail: "No." }, { status, headers });

/** A signed-in session, whose access token lasts for `forMs`. */
export const savedFor = (forMs: number) => ({
  accessToken: "access a",
  refreshToken: "refresh a",
  expiresAtMs: Date.now() + forMs,
});

/** A customer's connection to the service, which waits only briefly. */
export const connected = (options: ConnectOptions = {}) => {
  const url = serviceUrl();
  return connect("customer", {
    urls: { customer: url, order: url },
    waitMsMax: 20,
    saved: savedFor(900_000),
    ...options,
  });
};
