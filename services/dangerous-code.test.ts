// Features that the services do without, and algorithms that they use. What is not there needs no review.
import { describe, expect, test } from "bun:test";
import { globbed, none, production, read, withoutComments } from "./source-files.builder.ts";

const uses = (pattern: RegExp) => production.filter((path) => pattern.test(withoutComments(path)));

describe("no service", () => {
  test("runs text as code", () => {
    none(uses(/(?<![.\w])eval\(|new Function\(|node:vm/), "say it in code");
  });

  test("starts a process or a shell", () => {
    none(uses(/child_process|Bun\.spawn|Bun\.\$/), "call a library");
  });

  test("reads or writes files that a request names", () => {
    // Secrets from files that the operator names, and the assets of the API pages.
    const known = /^shared\/src\/(process\/config|http\/openapi\/pages)\.ts$/;
    const files = uses(/node:fs|Bun\.file\(|Bun\.write\(/).filter((path) => !known.test(path));
    none(files, "keep data in MongoDB");
  });

  test("parses XML, builds SQL, LDAP, XPath or memcached commands, or renders templates", () => {
    none(
      uses(/\b(xml|ldap|xpath|memcached?|handlebars|mustache|ejs|latex|knex|pg)\b/i),
      "use JSON and MongoDB",
    );
  });

  test("sets a cookie, or answers with JSONP, a WebSocket, GraphQL or WebRTC", () => {
    none(
      uses(/set-cookie|\bcookies?\b|callback=|\.ws\(|websocket|graphql|webrtc/i),
      "send tokens in Authorization",
    );
  });

  test("turns off no check of certificates", () => {
    none(uses(/rejectUnauthorized|tlsAllowInvalid|tlsInsecure|NODE_TLS/), "configure the authority");
  });

  test("sends a browser to another address", () => {
    none(uses(/\bredirect\(|status\(30[1278]/), "answer with data");
  });

  test("makes a pattern from a request without escaping it", () => {
    const made = production.flatMap((path) =>
      [...withoutComments(path).matchAll(/new RegExp\((`[^`]*`|[^)]*)/g)].map(
        ([, pattern]) => `${path} ${pattern}`,
      ),
    );
    // Upper-case names are constants.
    const fromText = made.filter(
      (one) => [...one.matchAll(/\$\{(?!escaped\(|(Object\.\w+\()?[A-Z]+\b)/g)].length > 0,
    );
    expect(made.length).toBeGreaterThan(0);
    none(fromText, "escape the text, or write the pattern down");
  });
});

describe("the cryptography of the services", () => {
  test("encrypts with AES-GCM alone, at one place", () => {
    const encrypting = uses(/subtle\.(en|de)crypt|createCipher|"aes-/i);
    expect(encrypting).toEqual(["shared/src/storage/sealed-text.ts"]);
  });

  test("hashes with SHA-256 alone, besides the SHA-1 that RFC 6238 demands", () => {
    const weak = uses(/createHash|createHmac|\bmd5\b|\bsha-?1\b|\brsa\b/i);
    none(
      weak.filter((path) => path !== "shared/src/accounts/second-factor/totp.ts"),
      "see docs/security.md",
    );
    for (const path of production)
      for (const [, algorithm] of withoutComments(path).matchAll(/CryptoHasher\(\s*"([^"]+)"/g))
        expect([path, algorithm]).toEqual([path, "sha256"]);
  });

  test("takes nothing that must not be guessed from Math.random", () => {
    const secrets = uses(/Math\.random/).filter((path) => /\/(auth|accounts|values)\//.test(path));
    none(secrets, "use crypto.getRandomValues");
  });
});

test("an image holds the binary alone: no sources, tests or version control", async () => {
  const last = (await read("docker/Dockerfile")).split(/^FROM /m).at(-1) ?? "";
  expect([...last.matchAll(/^(?:COPY|ADD) (.+)$/gm)].map(([, what]) => what)).toEqual([
    expect.stringMatching(/^--from=build \S+ \/source\/dist\/\S+ \/service$/),
  ]);
  expect(globbed("services/*/public/**")).toEqual([]);
});
