// Tickets for event streams: a browser's EventSource cannot send a header, and an access token must not be in a URL. A ticket
// is signed, opens one stream of one caller, and is valid for half a minute. Redis remembers the used ones for all replicas.
// Without Redis each process remembers its own, so a ticket may then open one stream on each replica.
import { type Static, Type } from "@sinclair/typebox";
import { createLocalJWKSet, decodeJwt, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { Caller, SigningKeys } from "../auth/tokens.ts";
import { orUndefined, type Redis } from "../storage/redis.ts";
import { AppError, unauthenticated } from "../values/errors.ts";
import { newId } from "../values/id.ts";
import { regionField, requireOwnRegion } from "../values/region.ts";

export const StreamTicket = Type.Object({
  ticket: Type.String({ description: "Goes into `ticket` of the stream's URL. Opens one stream" }),
  expiresAt: Type.String({ format: "date-time", description: "Until when it can open the stream" }),
});
export type StreamTicket = Static<typeof StreamTicket>;

/** The query of a stream that can be opened with a ticket. */
export const TicketQuery = Type.Object(
  {
    ticket: Type.Optional(
      Type.String({
        pattern: "^[\\w-]+\\.[\\w-]+\\.[\\w-]+$",
        maxLength: 2_048,
        description: "Instead of a token: from `POST …/events/tickets`",
        expects: "a ticket",
      }),
    ),
  },
  { additionalProperties: false },
);

export interface StreamTickets {
  /** A ticket for the stream at this path. The caller must be allowed to open it. */
  issue: (caller: Caller, path: string) => Promise<StreamTicket>;
  /** The caller to whom the ticket was given. Throws 401 for a ticket that is used, expired, malformed or for another path.
   * Of several calls at once with one ticket, one gets the caller. */
  redeem: (ticket: string, path: string) => Promise<Caller>;
}

export const TICKET_SECONDS = 30;
/** For the documents of the routes that issue tickets. */
export const TICKET_RULES = `Append it to the stream's URL as \`?ticket=…\` within ${TICKET_SECONDS} seconds. It opens one stream, which ends when the access token of this request expires.`;
/** Not the type of an access token, so neither can stand for the other. */
const TYPE = "stream-ticket+jwt";
const ALGORITHM = "EdDSA";

const refused = () =>
  unauthenticated(
    "INVALID_TICKET",
    "The ticket is used, expired or not for this stream. Ask for a new one and connect again.",
  );

interface Claims extends JWTPayload {
  caller: Caller;
  jti: string;
  exp: number;
}

export function streamTickets(issuer: string, keys: SigningKeys, redis: Redis): StreamTickets {
  const keySet = createLocalJWKSet(keys.publicKeys);
  /** When the used tickets expire, in the order of their use. */
  const used = new Map<string, number>();

  /** False when this process has seen the ticket. */
  function useHere(id: string): boolean {
    const now = Date.now();
    for (const [known, forgetAt] of used) {
      if (forgetAt > now) break;
      used.delete(known);
    }
    if (used.has(id)) return false;
    used.set(id, now + 2 * TICKET_SECONDS * 1000);
    return true;
  }

  async function read(ticket: string, path: string): Promise<Claims> {
    try {
      requireOwnRegion(decodeJwt(ticket).region);
      const { payload } = await jwtVerify<Claims>(ticket, keySet, {
        ...{ issuer, audience: path, algorithms: [ALGORITHM], typ: TYPE },
        requiredClaims: ["jti", "exp", "caller"],
      });
      return payload;
    } catch (error) {
      throw error instanceof AppError ? error : refused();
    }
  }

  return {
    async issue(caller, path) {
      const expiresAt = Math.floor(Math.min(Date.now() / 1000 + TICKET_SECONDS, caller.expiresAt / 1000));
      const ticket = await new SignJWT({ caller, ...regionField() })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: keys.keyId })
        .setIssuer(issuer)
        .setAudience(path)
        .setJti(newId("tkt"))
        .setExpirationTime(expiresAt)
        .sign(keys.privateKey);
      return { ticket, expiresAt: new Date(expiresAt * 1000).toISOString() };
    },

    async redeem(ticket, path) {
      const { jti, caller } = await read(ticket, path);
      if (!useHere(jti)) throw refused();
      const key = `ticket:${issuer}:${jti}`;
      const isFirst = await orUndefined(redis.set(key, "used", "EX", 2 * TICKET_SECONDS, "NX"));
      if (isFirst === null) throw refused();
      return caller;
    },
  };
}
