// Serves the web pages to browsers of this machine. The first request builds them, so a start does not wait.
import { type Addresses, bundlePages, configText, type PageFile, securityHeaders } from "./bundle.ts";

export interface PageServer {
  url: string;
  stop: () => Promise<void>;
}

export interface PageOptions {
  port: number;
  addresses: () => Addresses;
  /** Offers the accounts of the demo town. */
  demo?: { password: string };
}

const KEEP = "public, max-age=31536000, immutable";
const JSON_TYPE = "application/json; charset=utf-8";

/** Only for this machine: a foreign page could otherwise read it under a name that it points here. */
const isLocal = (request: Request) =>
  /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.get("host") ?? "");

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
        "cache-control": isKept ? KEEP : "no-cache",
        vary: "Accept-Encoding",
        ...(isPacked && { "content-encoding": "gzip" }),
      },
    });
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port,
    async fetch(request) {
      if (!isLocal(request)) return new Response(null, { status: 403 });
      if (request.method !== "GET" && request.method !== "HEAD")
        return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
      const name = new URL(request.url).pathname.slice(1) || "index.html";
      const isPacked = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
      if (name === "config.json") return answer(configText(addresses(), demo), JSON_TYPE, false, false);
      const found = (await built()).get(name);
      if (!found) return new Response("Not found\n", { status: 404, headers: securityHeaders(addresses()) });
      return answer(found.bytes, found.type, found.isKept, isPacked);
    },
  });
  return { url: `http://localhost:${server.port}`, stop: () => server.stop(true) };
}
