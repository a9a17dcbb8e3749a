// Whose address a request comes from. A proxy appends the address it was called from to X-Forwarded-For, so behind n
// proxies of one's own the n-th entry from the right is the last that none but them has written; whatever stands
// further left is what the client says of itself.
import { isIP, isIPv6 } from "node:net";

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Of IPv6 the /64, which is what a subscriber has: limits would mean nothing to somebody with 2^64 addresses. */
function networkOf(address: string): string {
  const ipv4 = IPV4_IN_IPV6.exec(address)?.[1];
  if (ipv4) return ipv4;
  if (!isIPv6(address)) return address;
  // The URL parser spells every address in one way (RFC 5952), without a zone.
  const [head = "", tail] = new URL(`http://[${address.split("%")[0]}]`).hostname.slice(1, -1).split("::");
  const groups = head.split(":").filter(Boolean);
  const rest = tail?.split(":").filter(Boolean) ?? [];
  while (tail !== undefined && groups.length + rest.length < 8) groups.push("0");
  return `${[...groups, ...rest].slice(0, 4).join(":")}::/64`;
}

/** `socketAddress` is who has connected; it also stands when the header does not hold as many addresses as there are
 * proxies, for then the request has not come through all of them. */
export function clientAddress(headers: Headers, socketAddress: string, trustedProxies: number): string {
  const forwarded = headers.get("x-forwarded-for")?.split(",") ?? [];
  const believed = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined;
  return networkOf(believed && isIP(believed) ? believed : socketAddress);
}
