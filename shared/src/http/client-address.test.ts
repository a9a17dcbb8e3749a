import { describe, expect, test } from "bun:test";
import { runApp } from "../../testing/running-app.ts";
import { currentScope } from "../observe/request-scope.ts";
import { clientAddress } from "./client-address.ts";

const SOCKET = "10.0.0.9";
const addressOf = (forwardedFor: string | undefined, trustedProxies: number, socket = SOCKET) =>
  clientAddress(
    new Headers(forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor }),
    socket,
    trustedProxies,
  );

describe("the address of a client", () => {
  test("is the socket's where no proxy is trusted, whatever the headers say", () => {
    expect(addressOf(undefined, 0)).toBe(SOCKET);
    expect(addressOf("203.0.113.7", 0)).toBe(SOCKET);
  });

  test("is what the outermost of the trusted proxies has seen", () => {
    expect(addressOf("203.0.113.7", 1)).toBe("203.0.113.7");
    expect(addressOf("203.0.113.7, 10.0.0.1", 2)).toBe("203.0.113.7");
    expect(addressOf("203.0.113.7,10.0.0.1,10.0.0.2", 3)).toBe("203.0.113.7");
  });

  test("is none that the client has put there itself", () => {
    expect(addressOf("198.51.100.1, 203.0.113.7", 1)).toBe("203.0.113.7");
    expect(addressOf("198.51.100.1, 198.51.100.2, 203.0.113.7, 10.0.0.1", 2)).toBe("203.0.113.7");
  });

  test.each([
    ["no header", undefined, 1],
    ["an empty one", "", 1],
    ["fewer addresses than proxies", "203.0.113.7", 2],
    ["a name", "client.example", 1],
    ["a word for a hidden client", "unknown", 1],
    ["an address with a port", "203.0.113.7:4711", 1],
    ["a comma at the end", "203.0.113.7,", 1],
    ["an address with more behind it", "203.0.113.7 x", 1],
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
    ["203.0.113.7", "203.0.113.7"],
  ])("%s counts as %s", (address, network) => {
    expect(addressOf(undefined, 0, address)).toBe(network);
    if (!address.includes("%")) expect(addressOf(address, 1)).toBe(network);
  });
});

describe("a request", () => {
  const addressSeen = async (trustedProxies: number | undefined, forwardedFor: string) => {
    const { url } = runApp((app) => app.get("/", () => currentScope()?.remoteAddress ?? "none"), {
      ...(trustedProxies !== undefined && { trustedProxies }),
    });
    const answer = await fetch(url, { headers: { "x-forwarded-for": forwardedFor } });
    return answer.text();
  };

  test("comes from whom the trusted proxy names, and by default from whom has connected", async () => {
    expect(await addressSeen(1, "198.51.100.1, 203.0.113.7")).toBe("203.0.113.7");
    expect(await addressSeen(undefined, "203.0.113.7")).toBe("127.0.0.1");
  });
});
