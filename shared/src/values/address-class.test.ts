import { expect, test } from "bun:test";
import { clientAddress } from "../http/client-address.ts";
import { addressClassOf } from "./address-class.ts";

test.each([
  ["127.0.0.1", "this_machine"],
  ["::1", "this_machine"],
  ["10.1.2.3", "private_network"],
  ["172.31.255.255", "private_network"],
  ["172.32.0.1", "internet"],
  ["192.168.0.9", "private_network"],
  ["100.64.0.1", "private_network"],
  ["fd00:1::7", "private_network"],
  ["fe80::1", "private_network"],
  ["::ffff:10.0.0.1", "private_network"],
  ["203.0.113.7", "internet"],
  ["2001:db8::1", "internet"],
  ["", "unknown"],
  ["proxy", "unknown"],
] as const)("%s is %s", (address, expected) => {
  expect(addressClassOf(address && clientAddressOf(address))).toBe(expected);
});

/** As the server passes it on. */
function clientAddressOf(address: string): string {
  return clientAddress(new Headers(), address, 0);
}
