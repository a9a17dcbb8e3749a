// Every process keeps the sessions that have ended in memory (auth/token-ends.ts), and reads them every few seconds: those of
// its own service from the database, those of another issuer over HTTP. While an issuer does not answer, its access
// tokens stay valid until they expire, and no client is locked out.
import type { TokenEnds } from "../../auth/token-ends.ts";
import type { ServiceClient } from "../../http/service-client.ts";
import type { Log } from "../../observe/log.ts";
import { startTicker } from "../../process/ticker.ts";
import { ENDED_PAGE } from "../session-store.ts";
import type { AccountStore } from "../store.ts";
import { EndedSessions } from "./schema.ts";

/** The sessions that have ended at or after this time. */
export type ReadEnded = (after: string | undefined) => Promise<EndedSessions>;

/** Some polls may fail before a minute has passed. */
const EVERY_MS = 5_000;
/** For clocks that differ, and for writes that are slow. */
const OVERLAP_MS = 60_000;

export const endedIn =
  (accounts: Pick<AccountStore, "endedSince">): ReadEnded =>
  async (after) => {
    const ended = await accounts.endedSince(after ? new Date(after) : undefined);
    return {
      items: ended.map(({ sessionId, endedAt, until }) => ({
        sessionId,
        endedAt: endedAt.toISOString(),
        until: until.toISOString(),
      })),
      more: ended.length === ENDED_PAGE,
    };
  };

export const endedAt =
  (issuer: ServiceClient): ReadEnded =>
  (after) =>
    issuer.ask(EndedSessions, {
      method: "GET",
      path: `/internal/token-ends${after ? `?after=${encodeURIComponent(after)}` : ""}`,
    });

/** Reads the ends of these issuers' tokens until `stop`. */
export function startTokenEnds(
  deps: { tokenEnds: Pick<TokenEnds, "add">; log: Log; tokenEndsEveryMs?: number },
  issuers: Record<string, ReadEnded>,
): { stop: () => Promise<unknown> } {
  const { tokenEnds, log, tokenEndsEveryMs = EVERY_MS } = deps;

  function follow(issuer: string, read: ReadEnded) {
    let readAt: number | undefined;
    return startTicker(`token ends of ${issuer}`, tokenEndsEveryMs, log, async () => {
      const startedAt = Date.now();
      let after = readAt && new Date(readAt - OVERLAP_MS).toISOString();
      for (let more = true; more; ) {
        const ended = await read(after || undefined);
        tokenEnds.add(ended.items.map(({ sessionId, until }) => ({ sessionId, until: Date.parse(until) })));
        const last = ended.items.at(-1)?.endedAt;
        more = ended.more && last !== after;
        after = last;
      }
      readAt = startedAt;
    });
  }

  const tickers = Object.entries(issuers).map(([issuer, read]) => follow(issuer, read));
  return { stop: () => Promise.all(tickers.map((ticker) => ticker.stop())) };
}
