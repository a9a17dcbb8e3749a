// Stands between a service and its downstream services as one of them: writes down every request and passes it on, or answers
// in the downstream service's place.
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
  /** The downstream service's real address. */
  target: string;
  passed: Passed[];
  /** Answers instead of the downstream service. */
  instead: ((request: Passed) => Response | Promise<Response> | undefined) | undefined;
  /** How many requests are being answered, and how many ever were at once. */
  atOnce: { now: number; most: number };
}

const PUBLIC = /^\/\.well-known\//;

/** Sends one request that has passed, as it was. */
export const repeat = ({ method, path, headers, body }: Passed, target: string): Promise<Response> =>
  fetch(`${target}${path}`, { method, headers, ...(body && { body }), redirect: "manual" });

/** Until the test file is done. */
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
    if (PUBLIC.test(pathname)) return repeat(one, self.target);
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
