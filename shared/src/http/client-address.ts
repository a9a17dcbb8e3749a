// Whose address a request comes from. A proxy appends the address that called it to a header, so behind n trusted
// proxies the n-th entry from the right is the last that a trusted proxy wrote; the client chooses everything further
// left. Which of the two headers it is must be configured: proxies pass the other one on as the client sent it.
import { isIP, isIPv6 } from "node:net";

export const FORWARDED_HEADERS = ["x-forwarded-for", "forwarded"] as const;
export type ForwardedHeader = (typeof FORWARDED_HEADERS)[number];

export interface TrustedProxies {
  count: number;
  header: ForwardedHeader;
}

/** Of IPv6 the /64, which is what a subscriber has: limits would mean nothing to somebody with 2^64 addresses. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // The URL parser spells every address in one way (RFC 5952), without a zone.
  const [head = "", tail] = new URL(`http://[${address.split("%")[0]}]`).hostname.slice(1, -1).split("::");
  const groups = head.split(":").filter(Boolean);
  const rest = tail?.split(":").filter(Boolean) ?? [];
  while (tail !== undefined && groups.length + rest.length < 8) groups.push("0");
  const all = [...groups, ...rest];
  if (all.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") return `${all.slice(0, 4).join(":")}::/64`;
  const [high = 0, low = 0] = all.slice(6).map((group) => Number.parseInt(group, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** A parameter of RFC 7239, and what ends it: a semicolon before the next one, a comma before the next proxy's. */
const PARAMETER = /[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=([\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*"))?[ \t]*([;,]|$)/y;

/** The `for` of each proxy's element, as written. Undefined when the header is malformed: a quote that the client has
 * opened could hide what a proxy appended. */
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

/** An address with what proxies write around it: a port, and brackets around IPv6. */
const DECORATED = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/;

function addressIn(entry = ""): string | undefined {
  const text = entry.trim();
  const [, ipv6, ipv4] = DECORATED.exec(text) ?? [];
  const address = ipv6 ?? ipv4 ?? text;
  return isIP(address) ? address : undefined;
}

/** `socketAddress` is who has connected; it also stands when the header does not hold as many addresses as there are
 * proxies, for then the request has not come through all of them. */
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

/** Whether the request has come through a proxy: services, probes and Prometheus send neither header. */
export const isFromOutside = (headers: Headers, { count }: TrustedProxies): boolean =>
  count > 0 && FORWARDED_HEADERS.some((header) => headers.has(header));
