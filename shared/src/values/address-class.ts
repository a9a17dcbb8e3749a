// The rough place of an address, without a call to another service.
import { isIP } from "node:net";
import { subnetList } from "./subnets.ts";

export const ADDRESS_CLASSES = ["this_machine", "private_network", "internet", "unknown"] as const;
export type AddressClass = (typeof ADDRESS_CLASSES)[number];

/** RFC 1122, section 3.2.1.3, and RFC 4291, section 2.5.3: a subscriber's /64 stands for an IPv6 address. */
const LOOPBACK = subnetList(["127.0.0.0/8", "::/128"]);
/** RFC 1918, RFC 3927, RFC 6598, RFC 4193, RFC 4291. */
const PRIVATE = subnetList([
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"],
  ...["fc00::/7", "fe80::/10"],
]);

/** Of an address or the /64 of one (http/client-address.ts). */
export function addressClassOf(remoteAddress: string): AddressClass {
  const [address = ""] = remoteAddress.split("/");
  const version = isIP(address);
  if (version === 0) return "unknown";
  const family = version === 6 ? "ipv6" : "ipv4";
  if (LOOPBACK.check(address, family)) return "this_machine";
  return PRIVATE.check(address, family) ? "private_network" : "internet";
}
