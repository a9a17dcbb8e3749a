// Serves the web pages to browsers of this machine. The first request builds them, so a start does not wait.
import {
  type Addresses,
  bundlePages,
  cacheControl,
  configText,
  type PageFile,
  securityHeaders,
} from "./bundle.ts";

export interface PageServer {
  url: string;
  stop: () => Promise<void>;
}

export interface PageOptions {
  port: number;
  addresses: () => Addresses;
  /** Offers the accounts of the demo town, and to let it live. */
  demo?: { password: string; life?: TownLife };
}

/** The demo town as the pages start and stop it. */
export interface TownLife {
  /** How many times faster than life. Undefined while it rests. */
  speed: () => number | undefined;
  start: (speed: number) => Promise<void>;
  stop: () => Promise<void>;
}

const SPEED_MAX = 60;

const JSON_TYPE = "application/json; charset=utf-8";

/** Only for this machine: a foreign page could otherwise read it under a name that it points here. */
const isLocal = (request: Request) =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.get("host") ?? "");

/** `GET` answers whether the town lives, `POST` lets it live at a speed, `DELETE` stops it. Only for the pages themselves: a
 * foreign page sends another origin. */
async function answerLife(request: Request, life: TownLife): Promise<Response> {
  const { method, headers } = request;
  const shown = () =>
    Response.json({ speed: life.speed() ?? null }, { headers: { "cache-control": "no-store" } });
  if (method === "GET") return shown();
  if (headers.get("origin") !== `http://${headers.get("host")}`) return new Response(null, { status: 403 });
  if (method === "DELETE") {
    await life.stop();
    return shown();
  }
  if (method !== "POST") return new Response(null, { status: 405, headers: { allow: "GET, POST, DELETE" } });
  const body = (await request.json().catch(() => undefined)) as { speed?: unknown } | undefined;
  const speed = body?.speed;
  if (typeof speed !== "number" || !(speed > 0 && speed <= SPEED_MAX))
    return new Response(null, { status: 422 });
  void life.start(speed);
  return shown();
}

/** Throws when the port is taken. */
export function servePages({ port, addresses, demo }: PageOptions): PageServer {
  let files: Promise<Map<string, PageFile>> | undefined;
  const built = () => {
    files ??= bundlePages();
    // A failed build is tried again.
    files.catch(() => {
      files = undefined;
    });
    return files;
  };
  const answer = (
    bytes: string | Uint8Array<ArrayBuffer>,
    type: string,
    isKept: boolean,
    isPacked: boolean,
  ) =>
    new Response(isPacked ? Bun.gzipSync(Buffer.from(bytes)) : bytes, {
      headers: {
        ...securityHeaders(addresses()),
        "content-type": type,
        "cache-control": cacheControl(isKept),
        vary: "Accept-Encoding",
        ...(isPacked && { "content-encoding": "gzip" }),
      },
    });
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    async fetch(request) {
      if (!isLocal(request)) return new Response(null, { status: 403 });
      const { pathname } = new URL(request.url);
      if (pathname === "/demo" && demo?.life) return answerLife(request, demo.life);
      if (request.method !== "GET" && request.method !== "HEAD")
        return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
      const name = pathname.slice(1) || "index.html";
      const isPacked = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
      if (name === "config.json") return answer(configText(addresses(), demo), JSON_TYPE, false, false);
      const found = (await built()).get(name);
      if (!found) return new Response("Not found\n", { status: 404, headers: securityHeaders(addresses()) });
      return answer(found.bytes, found.type, found.isKept, isPacked);
    },
  });
  return { url: `http://localhost:${server.port}`, stop: () => server.stop(true) };
}
