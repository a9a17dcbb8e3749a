// The client's address. A proxy appends the caller's address to a header, so behind n trusted proxies the n-th entry from
// the right is the client. The client can forge all entries further left. The header must be configured, because proxies
// pass the other header on unchanged.
import { isIP } from "node:net";

export const FORWARDED_HEADERS = ["x-forwarded-for", "forwarded"] as const;
export type ForwardedHeader = (typeof FORWARDED_HEADERS)[number];

export interface TrustedProxies {
  count: number;
  header: ForwardedHeader;
}

/** For IPv6 the /64, which one subscriber has: per-address limits would not work for 2^64 addresses. */
function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  // The URL parser normalises the address (RFC 5952). It accepts no zone.
  const [head = "", tail] = new URL(`http://[${address.split("%")[0]}]`).hostname.slice(1, -1).split("::");
  const groups = head.split(":").filter(Boolean);
  const rest = tail?.split(":").filter(Boolean) ?? [];
  while (tail !== undefined && groups.length + rest.length < 8) groups.push("0");
  const all = [...groups, ...rest];
  if (all.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") return `${all.slice(0, 4).join(":")}::/64`;
  const [high = 0, low = 0] = all.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** A parameter of RFC 7239 and its end: a semicolon before the next parameter, a comma before the next proxy's element. */
const PARAMETER = /[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=([\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*"))?[ \t]*([;,]|$)/y;

/** The raw `for` of each proxy's element. Undefined when the header is malformed: an open quote of the client could hide
 * what a proxy appended. */
function forwardedFor(header: string): string[] | undefined {
  const elements: string[] = [""];
  PARAMETER.lastIndex = 0;
  for (;;) {
    const [, name = "", value = "", end] = PARAMETER.exec(header) ?? [];
    if (end === undefined) return undefined;
    if (name.toLowerCase() === "for")
      elements[elements.length - 1] = value.replace(/^"(.*)"$/, "$1").replace(/\\(.)/g, "$1");
    if (end === "") return elements;
    if (end === ",") elements.push("");
  }
}

/** An address, optionally with a port and, for IPv6, brackets. */
const DECORATED = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/;

function addressIn(entry = ""): string | undefined {
  const text = entry.trim();
  const [, ipv6, ipv4] = DECORATED.exec(text) ?? [];
  const address = ipv6 ?? ipv4 ?? text;
  return isIP(address) ? address : undefined;
}

/** Returns `socketAddress`, the peer, when the header has fewer addresses than there are proxies: then the request did not
 * come through all of them. */
export function clientAddress(
  headers: Headers,
  socketAddress: string,
  count: TrustedProxies["count"],
  header: TrustedProxies["header"] = "x-forwarded-for",
): string {
  if (count === 0) return networkOf(socketAddress);
  const text = headers.get(header) ?? "";
  const entries = header === "forwarded" ? forwardedFor(text) : text.split(",");
  return networkOf(addressIn(entries?.at(-count)) ?? socketAddress);
}

/** Whether the request came through a proxy. Services, probes and Prometheus send neither header. */
export const isFromOutside = (headers: Headers, { count }: TrustedProxies): boolean =>
  count > 0 && FORWARDED_HEADERS.some((header) => headers.has(header));
