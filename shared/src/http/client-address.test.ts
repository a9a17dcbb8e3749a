import { describe, expect, test } from "bun:test";
import { runApp } from "../../testing/running-app.ts";
import { cpuMsOf } from "../../testing/tools.ts";
import { currentScope } from "../observe/request-scope.ts";
import { clientAddress, type ForwardedHeader } from "./client-address.ts";

const SOCKET = "10.0.0.9";
const seenIn =
  (header: ForwardedHeader) =>
  (text: string | undefined, count: number, socket = SOCKET) =>
    clientAddress(new Headers(text === undefined ? {} : { [header]: text }), socket, count, header);
const addressOf = seenIn("x-forwarded-for");
const addressInForwarded = seenIn("forwarded");

describe("the address of a client", () => {
  test("is the socket's when no proxy is trusted, with any headers", () => {
    expect(addressOf(undefined, 0)).toBe(SOCKET);
    expect(addressOf("203.0.113.7", 0)).toBe(SOCKET);
  });

  test("is the address that the outermost trusted proxy appended", () => {
    expect(addressOf("203.0.113.7", 1)).toBe("203.0.113.7");
    expect(addressOf("203.0.113.7, 10.0.0.1", 2)).toBe("203.0.113.7");
    expect(addressOf("203.0.113.7,10.0.0.1,10.0.0.2", 3)).toBe("203.0.113.7");
  });

  test("is not an address that the client sent", () => {
    expect(addressOf("198.51.100.1, 203.0.113.7", 1)).toBe("203.0.113.7");
    expect(addressOf("198.51.100.1, 198.51.100.2, 203.0.113.7, 10.0.0.1", 2)).toBe("203.0.113.7");
  });

  test.each([
    ["no header", undefined, 1],
    ["an empty one", "", 1],
    ["fewer addresses than proxies", "203.0.113.7", 2],
    ["a name", "client.example", 1],
    ["unknown for a hidden client", "unknown", 1],
    ["an invalid port", "203.0.113.7:471100", 1],
    ["IPv6 in brackets with text after it", "[2001:db8::1]x", 1],
    ["an open bracket", "[2001:db8::1", 1],
    ["empty brackets", "[]:80", 1],
    ["a comma at the end", "203.0.113.7,", 1],
    ["an address with text after it", "203.0.113.7 x", 1],
  ])("is the socket's for %s", (_, forwardedFor, proxies) => {
    expect(addressOf(forwardedFor, proxies)).toBe(SOCKET);
  });

  test.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:DB8:1:2::", "2001:db8:1:2::/64"],
    ["2001:db8::6", "2001:db8:0:0::/64"],
    ["2001:0db8:0000:0000:0000:0000:0000:0007", "2001:db8:0:0::/64"],
    ["2001:db8:0:0:1:1:1:1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["::ffff:cb00:7107", "203.0.113.7"],
    ["203.0.113.7", "203.0.113.7"],
  ])("%s counts as %s", (address, network) => {
    expect(addressOf(undefined, 0, address)).toBe(network);
    if (!address.includes("%")) {
      expect(addressOf(address, 1)).toBe(network);
      expect(addressInForwarded(`for="[${address}]:4711";proto=https`, 1)).toBe(network);
    }
  });
});

describe("X-Forwarded-For", () => {
  test.each([
    ["203.0.113.7:4711", "203.0.113.7"],
    ["[2001:db8:1:2::3]:4711", "2001:db8:1:2::/64"],
    ["[2001:db8:1:2::3]", "2001:db8:1:2::/64"],
    ["  203.0.113.7:4711\t", "203.0.113.7"],
    ["198.51.100.1 ,\t203.0.113.7", "203.0.113.7"],
  ])("%p names %s", (text, address) => {
    expect(addressOf(text, 1)).toBe(address);
  });

  test("may come as several headers, which form one list", () => {
    const headers = new Headers({ "x-forwarded-for": "198.51.100.1" });
    headers.append("x-forwarded-for", "203.0.113.7");
    headers.append("x-forwarded-for", "10.0.0.1");
    expect(clientAddress(headers, SOCKET, 2)).toBe("203.0.113.7");
  });
});

describe("Forwarded (RFC 7239)", () => {
  test.each([
    ["for=203.0.113.7", 1],
    ["For=203.0.113.7;proto=https;by=10.0.0.1", 1],
    ["proto=https ; for=203.0.113.7", 1],
    ['for="203.0.113.7:4711"', 1],
    ['for=198.51.100.1, for=203.0.113.7;by="[2001:db8::1]:443", for=10.0.0.2', 2],
    ['for="_a,b;c\\"d", for=203.0.113.7', 1],
  ])("%s, with %d proxies", (text, count) => {
    expect(addressInForwarded(text, count)).toBe("203.0.113.7");
  });

  test.each([
    ["a quote that the client left open", 'for="198.51.100.1, for=203.0.113.7', 1],
    ["a quote that would hide the appended element", 'for=198.51.100.1;x=", for="[2001:db8::1]"', 1],
    ["a hidden client", "for=_secret", 1],
    ["an unknown client", "for=unknown", 1],
    ["an element without for", "proto=https", 1],
    ["an address without its name", "203.0.113.7", 1],
    ["fewer elements than proxies", "for=203.0.113.7", 2],
    ["an empty header", "", 1],
  ])("is ignored for %s", (_, text, count) => {
    expect(addressInForwarded(text, count)).toBe(SOCKET);
  });

  test("is ignored when X-Forwarded-For is configured, and the reverse", () => {
    const both = new Headers({ "x-forwarded-for": "203.0.113.7", forwarded: "for=198.51.100.1" });
    expect(clientAddress(both, SOCKET, 1)).toBe("203.0.113.7");
    expect(clientAddress(both, SOCKET, 1, "forwarded")).toBe("198.51.100.1");
  });

  test("is parsed quickly at any length", () => {
    const texts = [";".repeat(16_000), 'x="\\'.repeat(4_000), " ".repeat(16_000), "a=b,".repeat(4_000)];
    for (const text of texts)
      for (const read of [addressOf, addressInForwarded])
        expect(cpuMsOf(() => read(text, 1))).toBeLessThan(100);
  });
});

describe("a request", () => {
  const addressSeen = async (count: number | undefined, forwardedFor: string) => {
    const { url } = runApp((app) => app.get("/", () => currentScope()?.remoteAddress ?? "none"), {
      ...(count !== undefined && { trustedProxies: { count, header: "x-forwarded-for" } }),
    });
    const answer = await fetch(url, { headers: { "x-forwarded-for": forwardedFor } });
    return answer.text();
  };

  test("comes from the trusted proxy's entry, and by default from the peer", async () => {
    expect(await addressSeen(1, "198.51.100.1, 203.0.113.7")).toBe("203.0.113.7");
    expect(await addressSeen(undefined, "203.0.113.7")).toBe("127.0.0.1");
  });
});
