// The public keys of another service. They are fetched when a token needs them, and again for an unknown key id, but no
// more often than the cooldown allows, so that made-up tokens cannot be used to flood that service. `jose` has a remote
// key set, too: it fetches again at every token while the other service fails, and forgets its keys after ten minutes.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { inBackground } from "../observe/request-scope.ts";
import { unavailable } from "../values/errors.ts";

/** Least time between two fetches, once there are keys. */
export const COOLDOWN_MS = 5_000;
/** Least time between two fetches while there are none: until then every token is answered 503. */
export const RETRY_MS = 250;
/** From then on the keys are fetched again, and used until that succeeds. */
export const MAX_AGE_MS = 600_000;
const TIMEOUT_MS = 2_000;

async function fetchKeys(url: URL) {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status !== 200) throw new Error(`The keys were answered with ${response.status}`);
  return createLocalJWKSet((await response.json()) as JSONWebKeySet);
}

/** Throws 503 when the keys cannot be fetched, because the token may be valid. `now` is in milliseconds. */
export function remoteKeys(baseUrl: string, now = () => performance.now()): JWTVerifyGetKey {
  const url = new URL("/.well-known/jwks.json", baseUrl);
  let keys: JWTVerifyGetKey | undefined;
  let fetchedAt = -Infinity;
  let triedAt = -Infinity;
  let failure: unknown;
  let pending: Promise<void> | undefined;

  async function read() {
    triedAt = now();
    try {
      keys = await fetchKeys(url);
      fetchedAt = now();
      failure = undefined;
    } catch (error) {
      failure = error;
    } finally {
      pending = undefined;
    }
  }
  async function refresh() {
    if (!pending && now() - triedAt >= (keys ? COOLDOWN_MS : RETRY_MS)) pending = read();
    await pending;
  }
  const away = () =>
    unavailable("KEYS_UNAVAILABLE", "The token cannot be checked right now. Try again.", failure);

  return async (header, token) => {
    if (!keys) await refresh();
    else if (now() - fetchedAt > MAX_AGE_MS) inBackground(refresh);
    if (!keys) throw away();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await refresh();
    try {
      return await keys(header, token);
    } catch (error) {
      throw failure && error instanceof errors.JWKSNoMatchingKey ? away() : error;
    }
  };
}
