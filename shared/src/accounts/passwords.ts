// argon2id with OWASP's minimum (m = 19 456 KiB, t = 2, p = 1). Each check uses a core for some 25 ms, so both the number
// of running checks and the queue are limited. Sign-ins and sign-ups wait for their turn before that (limits.ts).
import { bulkhead, isBulkheadRejectedError } from "cockatiel";
import { unavailable } from "../values/errors.ts";

const ARGON2 = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
const AT_ONCE_MAX = 2;
const WAITING_MAX = 200;

const hashing = bulkhead(AT_ONCE_MAX, WAITING_MAX);

/** What the metrics show of it. */
export const passwordQueue = {
  running: () => AT_ONCE_MAX - hashing.executionSlots,
  waiting: () => WAITING_MAX - hashing.queueSlots,
  totals: { hashed: 0, hashingSeconds: 0, refused: 0 },
};

let recentMs = 25;
/** How long a hash or a check takes at present, under the load of the machine. */
export const hashMs = () => recentMs;

async function timed<T>(run: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await run();
  const tookMs = performance.now() - startedAt;
  recentMs += (tookMs - recentMs) / 10;
  passwordQueue.totals.hashed++;
  passwordQueue.totals.hashingSeconds += tookMs / 1_000;
  return result;
}

export const tooManySignIns = () =>
  unavailable("OVERLOADED", "Too many sign-ins are in progress. Try again.");

const bounded = <T>(run: () => Promise<T>): Promise<T> =>
  hashing
    .execute(() => timed(run))
    .catch((error) => {
      if (!isBulkheadRejectedError(error)) throw error;
      passwordQueue.totals.refused++;
      throw tooManySignIns();
    });

/** The form that is hashed: keyboards encode the same letter in different ways (RFC 8265, section 4.2). */
export const passwordForm = (password: string) => password.normalize("NFC");

export const hashPassword = (password: string): Promise<string> =>
  bounded(() => Bun.password.hash(passwordForm(password), ARGON2));

const noise = () =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(32)))
    .toString("base64")
    .replaceAll("=", "");

/** Checked when there is no account, so that the response takes the same time. Random instead of a real hash, which would
 * slow down the start. */
const NO_ACCOUNT_HASH = `$argon2id$v=19$m=${ARGON2.memoryCost},t=${ARGON2.timeCost},p=1$${noise()}$${noise()}`;

export const isPassword = (password: string, hash: string | undefined): Promise<boolean> =>
  bounded(async () => {
    // Older hashes are of the text as it was typed.
    for (const form of new Set([passwordForm(password), password]))
      if (await Bun.password.verify(form, hash ?? NO_ACCOUNT_HASH)) return hash !== undefined;
    return false;
  });
