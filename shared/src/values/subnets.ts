import { BlockList, isIPv6 } from "node:net";

/** A list of subnets such as `10.0.0.0/8`. */
export function subnetList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = "", length = ""] = subnet.split("/");
    list.addSubnet(net, Number(length), isIPv6(net) ? "ipv6" : "ipv4");
  }
  return list;
}
