// Whether an address is on the internet, so that a request to a stranger's URL cannot reach a machine of ours.
import { isIP } from "node:net";
import { subnetList } from "./subnets.ts";

/** What is on the internet, in the form of a Kubernetes `ipBlock`, which network policies repeat.
 * IPv4: without private, shared, loopback, link-local, multicast, reserved and documentation addresses (IANA IPv4
 * Special-Purpose Address Registry, RFC 6890), and without the host of a virtual machine at Azure, 168.63.129.16.
 * IPv6: global unicast (RFC 4291) without Teredo and other protocols, documentation and 6to4 (IANA IPv6 Special-Purpose
 * Address Registry). Outside lie loopback, mapped IPv4, NAT64, unique local, link-local and multicast. */
export const INTERNET = {
  ipv4: {
    cidr: "0.0.0.0/0",
    except:
      "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4".split(
        " ",
      ),
  },
  ipv6: { cidr: "2000::/3", except: "2001::/23 2001:db8::/32 2002::/16 3fff::/20".split(" ") },
};

const inside = { ipv4: subnetList([INTERNET.ipv4.cidr]), ipv6: subnetList([INTERNET.ipv6.cidr]) };
const except = { ipv4: subnetList(INTERNET.ipv4.except), ipv6: subnetList(INTERNET.ipv6.except) };

export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  return inside[family].check(address, family) && !except[family].check(address, family);
}
