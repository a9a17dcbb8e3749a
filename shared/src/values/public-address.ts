// Whether an address is on the internet, so that a request to a stranger's URL cannot reach a machine of ours.
import { BlockList, isIP } from "node:net";

const listOf = (family: "ipv4" | "ipv6", subnets: string) => {
  const list = new BlockList();
  for (const subnet of subnets.split(" ")) {
    const [net = "", length = ""] = subnet.split("/");
    list.addSubnet(net, Number(length), family);
  }
  return list;
};

/** Private, shared, loopback, link-local, multicast, reserved and for documentation: IANA IPv4 Special-Purpose Address
 * Registry (RFC 6890). The last one is the host of a virtual machine at Azure. */
const NOT_PUBLIC_4 = listOf(
  "ipv4",
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32",
);

/** Global unicast (RFC 4291). All else is refused: loopback, mapped IPv4, NAT64, unique local, link-local, multicast. */
const GLOBAL_6 = listOf("ipv6", "2000::/3");
/** Teredo and other protocols (2001::/23), documentation, 6to4: IANA IPv6 Special-Purpose Address Registry. */
const NOT_PUBLIC_6 = listOf("ipv6", "2001::/23 2001:db8::/32 2002::/16 3fff::/20");

export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !NOT_PUBLIC_4.check(address, "ipv4");
  return version === 6 && GLOBAL_6.check(address, "ipv6") && !NOT_PUBLIC_6.check(address, "ipv6");
}
