// A recording proxy between a service and a downstream service. It records each request, then forwards it
// or answers it.
import { cleanUp } from "@food/shared/testing/service";

export interface Passed {
  method: string;
  /** Path and query. */
  path: string;
  headers: Headers;
  body: string;
  at: number;
}

export interface GoBetween {
  url: string;
  /** The URL of the downstream service. */
  target: string;
  passed: Passed[];
  /** Answers instead of the downstream service. */
  instead: ((request: Passed) => Response | Promise<Response> | undefined) | undefined;
  /** Requests in progress, and their maximum so far. */
  atOnce: { now: number; most: number };
}

/** What processes ask for by themselves is passed on without a record. */
const BACKGROUND = /^\/(\.well-known\/|internal\/token-ends$)/;

/** Sends a recorded request again, unchanged. */
export const repeat = ({ method, path, headers, body }: Passed, target: string): Promise<Response> =>
  fetch(`${target}${path}`, { method, headers, ...(body && { body }), redirect: "manual" });

/** Runs until the test file ends. */
export function startGoBetween(): GoBetween {
  const atOnce = { now: 0, most: 0 };
  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.delete("host");
    const one = {
      ...{ method: request.method, path: `${pathname}${search}`, headers, at: Date.now() },
      body: await request.text(),
    };
    if (BACKGROUND.test(pathname))
      return self.target ? repeat(one, self.target) : new Response(null, { status: 503 });
    self.passed.push(one);
    const response = await (self.instead?.(one) ?? repeat(one, self.target));
    return new Response(response.body, response);
  }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      atOnce.most = Math.max(atOnce.most, ++atOnce.now);
      const { promise: over, resolve: end } = Promise.withResolvers<void>();
      void over.then(() => {
        atOnce.now -= 1;
      });
      request.signal.addEventListener("abort", () => end());
      return answer(request).finally(end);
    },
  });
  cleanUp(() => server.stop(true));
  const self: GoBetween = { url: server.url.origin, target: "", passed: [], instead: undefined, atOnce };
  return self;
}
