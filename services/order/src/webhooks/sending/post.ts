// Sends one request to a stranger's URL. The name is resolved once, each address is checked, and the connection goes to a
// checked address: a name that resolves to another one a moment later (DNS rebinding) changes nothing.
import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { discard } from "@food/shared/http/response-body";
import { outsideRequests } from "@food/shared/observe/request-scope";
import { isPublicAddress } from "@food/shared/values/public-address";
import { isPublicHttpsUrl } from "@food/shared/values/web-url";

/** `public`: https on port 443 of public addresses. `any`: every http and https URL, for development. */
export type Targets = "public" | "any";

export interface Attempt {
  /** Of the answer, if one came. */
  statusCode?: number;
  error?: "status" | "timeout" | "connection" | "certificate" | "address";
  durationMs: number;
}

export interface PostDeps {
  targets: Targets;
  timeoutMs: number;
  resolve: (host: string) => Promise<string[]>;
  /** Trusted certificates, for tests. */
  ca?: string;
}

export type Post = (url: string, headers: Record<string, string>, body: string) => Promise<Attempt>;

export const resolveHost = async (host: string): Promise<string[]> =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/** Whether requests may go there, as far as its text says. */
export function isAllowedUrl(text: string, targets: Targets): boolean {
  const url = URL.parse(text);
  if (targets === "any") return url?.protocol === "http:" || url?.protocol === "https:";
  return isPublicHttpsUrl(text) && url?.port === "";
}

class ForbiddenAddress extends Error {}

/** An address to connect to, IPv4 before IPv6. Throws unless all addresses of the host are allowed. */
async function addressOf(host: string, { targets, resolve }: PostDeps): Promise<string> {
  const addresses = await resolve(host);
  if (targets === "public" && !addresses.every(isPublicAddress)) throw new ForbiddenAddress();
  const first = addresses.find((address) => !isIPv6(address)) ?? addresses[0];
  if (first === undefined) throw new ForbiddenAddress();
  return first;
}

async function statusOf(
  deps: PostDeps,
  target: string,
  { headers, body, signal }: { headers: Record<string, string>; body: string; signal: AbortSignal },
): Promise<number> {
  if (!isAllowedUrl(target, deps.targets)) throw new ForbiddenAddress();
  const url = new URL(target);
  const { host, hostname } = url;
  const name = hostname.replace(/^\[|\]$/g, "");
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener(
      "abort",
      outsideRequests(() => reject(signal.reason)),
      { once: true },
    ),
  );
  const address = await Promise.race([addressOf(name, deps), aborted]);
  url.hostname = isIPv6(address) ? `[${address}]` : address;
  const response = await fetch(url, {
    ...{ method: "POST", body, signal, redirect: "manual", keepalive: false },
    headers: { ...headers, host },
    // The certificate is checked for the name in the URL.
    tls: { ...(isIP(name) === 0 && { serverName: name }), ...(deps.ca && { ca: deps.ca }) },
  });
  // Whatever it sends is not read.
  await discard(response);
  return response.status;
}

function failureOf(cause: unknown): "address" | "certificate" | "connection" {
  if (cause instanceof ForbiddenAddress) return "address";
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return /CERT|TLS|SSL/.test(code) ? "certificate" : "connection";
}

/** Never throws. Follows no redirect, reads no body, and ends after `timeoutMs`. */
export const postTo =
  (deps: PostDeps): Post =>
  async (url, headers, body) => {
    const startedAt = performance.now();
    const took = () => Math.round(performance.now() - startedAt);
    const signal = AbortSignal.timeout(deps.timeoutMs);
    try {
      const statusCode = await statusOf(deps, url, { headers, body, signal });
      const isSuccess = statusCode >= 200 && statusCode < 300;
      return { statusCode, ...(!isSuccess && { error: "status" }), durationMs: took() };
    } catch (cause) {
      return { error: signal.aborted ? "timeout" : failureOf(cause), durationMs: took() };
    }
  };
