// Holes in the checks of tokens.
import type { Hole } from "./hole.ts";

const TOKENS = "shared/src/auth/tokens.ts";
const FORGED = "shared/src/auth/forged-tokens.test.ts";

const ANY_AUDIENCE: Hole["patches"] = [
  { file: TOKENS, right: "![aud].flat().includes(audience) || ", wrong: "" },
  { file: TOKENS, right: "      audience,\n      algorithms", wrong: "      algorithms" },
];

export const TOKEN_HOLES: Record<string, Hole> = {
  "alg-from-the-token": {
    what: "the algorithm is the one that the token names, with the public key as a secret",
    patches: [
      { file: TOKENS, right: "      algorithms: [ALGORITHM],\n", wrong: "" },
      {
        file: TOKENS,
        right: "jwtVerify(token, getKey, {",
        wrong: `jwtVerify(token, async (header, input) => {
          const key = await getKey({ ...header, alg: ALGORITHM }, input);
          return header.alg === ALGORITHM ? key : new Uint8Array(await crypto.subtle.exportKey("raw", key));
        }, {`,
      },
    ],
    red: { file: FORGED, test: "HS256 with the public key's bytes" },
  },
  "type-unchecked": {
    what: "any token of the issuer is an access token",
    patches: [
      { file: TOKENS, right: "      typ: TYPE,\n      requiredClaims", wrong: "      requiredClaims" },
    ],
    red: { file: FORGED, test: "the type of another token" },
  },
  "audience-unchecked": {
    what: "a token for another service is accepted",
    patches: ANY_AUDIENCE,
    red: { file: FORGED, test: "another audience" },
  },
  "service-audience-unchecked": {
    what: "a service's token for another service is accepted",
    patches: ANY_AUDIENCE,
    red: {
      ...{ service: "delivery", route: "GET /internal/couriers/free" },
      who: "the order service, for another audience",
    },
  },
  "service-token-for-all": {
    what: "a service's token is valid at every service",
    patches: [
      {
        file: "shared/src/http/service-client.ts",
        right: "audience: [to], ttlSeconds",
        wrong: 'audience: [to, "customer", "order"], ttlSeconds',
      },
    ],
    red: {
      file: "shared/src/http/service-client.test.ts",
      test: "has our token, the request's id and trace, and the remaining time",
    },
  },
  "expiry-unchecked": {
    what: "an expired token is accepted",
    patches: [
      {
        file: TOKENS,
        right: "      algorithms: [ALGORITHM],\n",
        wrong: "      algorithms: [ALGORITHM],\n      clockTolerance: 1e9,\n",
      },
    ],
    red: { file: FORGED, test: "an exp in the past" },
  },
  "expiry-forgotten": {
    what: "a token that was accepted once is accepted for ever",
    patches: [
      {
        file: TOKENS,
        right: "if (known && known.expiresAt > Date.now()) return",
        wrong: "if (known) return",
      },
    ],
    red: { file: FORGED, test: "is refused once it expires, although it was accepted before" },
  },
  "issuer-of-any-role": {
    what: "an issuer gives roles of another",
    patches: [
      { file: TOKENS, right: " || !roles.includes(String(role))", wrong: "" },
      {
        file: TOKENS,
        right: 'typeof role !== "string" || !roles.includes(role))',
        wrong: 'typeof role !== "string")',
      },
    ],
    red: { file: FORGED, test: "a role that a partner may not give" },
  },
  "service-speaks-for-another": {
    what: "a service calls in the name of another",
    patches: [
      { file: TOKENS, right: "role === SERVICE_ROLE && sub !== iss", wrong: "role === SERVICE_ROLE && !sub" },
    ],
    red: { file: FORGED, test: "a service that speaks for another" },
  },
  "keys-without-cooldown": {
    what: "every unknown key id causes a fetch",
    patches: [
      {
        file: "shared/src/auth/remote-keys.ts",
        right: "now() - triedAt >= (keys ? COOLDOWN_MS : RETRY_MS)",
        wrong: "now() - triedAt >= 0",
      },
    ],
    red: {
      file: "shared/src/auth/remote-keys.test.ts",
      test: "cause one fetch for each cooldown: one, many times",
    },
  },
};
