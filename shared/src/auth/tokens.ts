// Access tokens: short-lived JWTs (`at+jwt`, RFC 9068). The service that has the account signs them with its own Ed25519
// key, and the others verify them with its JWKS. Algorithm, issuer, audience and type are pinned (RFC 8725).
// `@elysiajs/jwt` signs. `jose` verifies, because the plugin supports one key and no remote key set.
import { jwt } from "@elysiajs/jwt";
import {
  type CryptoKey,
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import { AppError, unauthenticated } from "../values/errors.ts";
import { regionField, requireOwnRegion } from "../values/region.ts";
import { remoteKeys } from "./remote-keys.ts";
import type { TokenEnds } from "./token-ends.ts";

const ALGORITHM = "EdDSA";
const TYPE = "at+jwt";

/** The role of a service that calls in its own name. */
export const SERVICE_ROLE = "service";

export interface SigningKeys {
  keyId: string;
  privateKey: CryptoKey;
  /** The response of `/.well-known/jwks.json`. The signing key comes first. */
  publicKeys: JSONWebKeySet;
}

async function publicHalf({ kty, crv, x }: JWK): Promise<JWK> {
  if (kty !== "OKP" || crv !== "Ed25519" || !x) throw new Error("not an Ed25519 key");
  const jwk = { kty, crv, x };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: ALGORITHM, use: "sig" };
}

/** Throws when the text is not a private Ed25519 JWK or JWK set. */
export async function readSigningKeys(text: string): Promise<SigningKeys> {
  try {
    const parsed = JSON.parse(text) as JWK & Partial<JSONWebKeySet>;
    const jwks = parsed.keys ?? [parsed];
    const [first] = jwks;
    if (!first?.d) throw new Error("no private key");
    const publicKeys = await Promise.all(jwks.map(publicHalf));
    const privateKey = await importJWK(first, ALGORITHM);
    if (privateKey instanceof Uint8Array) throw new Error("not an Ed25519 key");
    return { keyId: publicKeys[0]?.kid ?? "", privateKey, publicKeys: { keys: publicKeys } };
  } catch (cause) {
    throw new Error("SIGNING_KEY is not valid: expected a private Ed25519 key as a JSON Web Key", { cause });
  }
}

/** A person who acts for the subject (RFC 8693, section 4.1), and in which role. */
export interface Actor {
  id: string;
  staffRole: string;
}

export interface Claims {
  subject: string;
  role: string;
  actor?: Actor;
  /** The `sid` claim. Service tokens have none. */
  sessionId?: string;
  audience: string[];
  ttlSeconds: number;
}
export type SignToken = (claims: Claims) => Promise<string>;

/** Signs access tokens as this issuer. Takes the decorator from the plugin itself, because calls to other services need
 * tokens outside a request, where there is no context. */
export function tokenSigner(issuer: string, keys: SigningKeys): SignToken {
  const { accessToken } = jwt({
    name: "accessToken",
    secret: keys.privateKey,
    alg: ALGORITHM,
    typ: TYPE,
    kid: keys.keyId,
    iss: issuer,
  }).decorator;
  return ({ subject, role, actor, sessionId, audience, ttlSeconds }) =>
    accessToken.sign({
      role,
      ...regionField(),
      ...(actor && { act: { sub: actor.id }, staff_role: actor.staffRole }),
      ...(sessionId && { sid: sessionId }),
      sub: subject,
      aud: audience,
      exp: `${ttlSeconds}s`,
    });
}

export interface Caller {
  id: string;
  role: string;
  /** The service that signed the token. */
  issuer: string;
  /** Epoch milliseconds. */
  expiresAt: number;
  /** The person who acts for `id`, and in which role. */
  actorId?: string;
  staffRole?: string;
  /** Missing in tokens of services, and of an earlier version. */
  sessionId?: string;
}

/** Whose account it is: the person's, when one acts for another. */
export const accountIdOf = ({ id, actorId }: Pick<Caller, "id" | "actorId">) => actorId ?? id;

/** An issuer whose tokens are accepted for these roles. */
export interface TrustedIssuer {
  roles: string[];
  keys: JSONWebKeySet | { url: string };
}

/** Throws 401, or 503 when the issuer's keys cannot be fetched. */
export type VerifyToken = (token: string) => Promise<Caller>;

const TOKEN_BYTES_MAX = 4_096;
const REMEMBERED_MAX = 10_000;
/** Maximum lead of an issuer's clock. */
const CLOCK_SKEW_SECONDS = 30;
/** Also for a valid token with another audience (RFC 9068, section 4). */
export const refusedToken = () =>
  unauthenticated(
    "INVALID_TOKEN",
    "The access token is missing, expired or not for this service. Sign in to this service.",
  );

const keySource = (keys: TrustedIssuer["keys"]): JWTVerifyGetKey =>
  "url" in keys ? remoteKeys(keys.url) : createLocalJWKSet(keys);

/** Throws 401 for an actor without a role or a role without an actor. */
function actorOf({ act, staff_role: staffRole }: JWTPayload): Pick<Caller, "actorId" | "staffRole"> {
  if (act === undefined && staffRole === undefined) return {};
  const actorId = typeof act === "object" && act !== null && "sub" in act ? act.sub : undefined;
  if (typeof actorId !== "string" || !actorId || typeof staffRole !== "string" || !staffRole)
    throw refusedToken();
  return { actorId, staffRole };
}

/** Throws 401 for anything but a text. */
function sessionOf({ sid }: JWTPayload): Pick<Caller, "sessionId"> {
  if (sid === undefined) return {};
  if (typeof sid !== "string" || !sid) throw refusedToken();
  return { sessionId: sid };
}

function callerOf(payload: JWTPayload, roles: string[]): Caller {
  const { sub, role, iss, exp, iat = Infinity } = payload;
  if (iat > Date.now() / 1000 + CLOCK_SKEW_SECONDS) throw refusedToken();
  if (typeof sub !== "string" || !sub || !iss || !exp || typeof role !== "string" || !roles.includes(role))
    throw refusedToken();
  // JSON has numbers such as 1e999, which are infinite here.
  if (!Number.isFinite(exp)) throw refusedToken();
  // A service may only call in its own name.
  if (role === SERVICE_ROLE && sub !== iss) throw refusedToken();
  return { id: sub, role, issuer: iss, expiresAt: exp * 1000, ...actorOf(payload), ...sessionOf(payload) };
}

/** Caches verified tokens until they expire, so each process checks a signature once, not at every request. Refuses those
 * of sessions that have ended. */
export function tokenVerifier(
  audience: string,
  issuers: Record<string, TrustedIssuer>,
  tokenEnds?: Pick<TokenEnds, "has">,
): VerifyToken {
  const trusted = new Map(
    Object.entries(issuers).map(([name, { roles, keys }]) => [name, { roles, getKey: keySource(keys) }]),
  );
  const remembered = new Map<string, Caller>();

  async function verify(token: string): Promise<Caller> {
    const { iss: issuer = "", aud, role, region } = decodeJwt(token);
    // Before the signature: another region has other keys, and its callers must read why they are refused.
    requireOwnRegion(region);
    const { roles, getKey } = trusted.get(issuer) ?? {};
    if (!roles || !getKey) throw refusedToken();
    // No keys are fetched for a token that is refused in any case.
    if (![aud].flat().includes(audience) || !roles.includes(String(role))) throw refusedToken();
    // jose matches a key set of one key even when the token names no key.
    if (typeof decodeProtectedHeader(token).kid !== "string") throw refusedToken();
    const { payload } = await jwtVerify(token, getKey, {
      issuer,
      audience,
      algorithms: [ALGORITHM],
      typ: TYPE,
      requiredClaims: ["sub", "exp", "role"],
    });
    return callerOf(payload, roles);
  }

  function unlessEnded(caller: Caller): Caller {
    if (caller.sessionId && tokenEnds?.has(caller.sessionId)) throw refusedToken();
    return caller;
  }

  return async (token) => {
    const known = remembered.get(token);
    if (known && known.expiresAt > Date.now()) return unlessEnded(known);
    if (token.length > TOKEN_BYTES_MAX) throw refusedToken();
    try {
      const caller = await verify(token);
      if (remembered.size >= REMEMBERED_MAX) remembered.delete(remembered.keys().next().value ?? "");
      remembered.set(token, caller);
      return unlessEnded(caller);
    } catch (error) {
      // jose throws only for invalid tokens here.
      throw error instanceof AppError ? error : refusedToken();
    }
  };
}
