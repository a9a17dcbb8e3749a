// argon2id with OWASP's minimum (m = 19 456 KiB, t = 2, p = 1). Each check takes memory and a core for some
// 25 ms, so only a few run at once and only so many wait.
import { unavailable } from "../values/errors.ts";

const ARGON2 = { algorithm: "argon2id", memoryCost: 19_456, timeCost: 2 } as const;
const AT_ONCE_MAX = 4;
const WAITING_MAX = 200;

let running = 0;
const waiting: (() => void)[] = [];

async function bounded<T>(run: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE_MAX) {
    if (waiting.length >= WAITING_MAX)
      throw unavailable("OVERLOADED", "Too many people are signing in right now. Try again.");
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running++;
  try {
    return await run();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}

/** The form that is hashed: keyboards spell the same letter in several ways (RFC 8265, section 4.2). */
export const passwordForm = (password: string) => password.normalize("NFC");

export const hashPassword = (password: string): Promise<string> =>
  bounded(() => Bun.password.hash(passwordForm(password), ARGON2));

const noise = () =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(32)))
    .toString("base64")
    .replaceAll("=", "");

/** Checked when there is no such account, so that the answer takes as long as when there is one. Noise instead of the
 * hash of something, which would take a start as long as connecting to a database. */
const NOBODY = `$argon2id$v=19$m=${ARGON2.memoryCost},t=${ARGON2.timeCost},p=1$${noise()}$${noise()}`;

export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  // Older hashes are of the password as it was typed.
  for (const form of new Set([passwordForm(password), password]))
    if (await bounded(() => Bun.password.verify(form, hash ?? NOBODY))) return hash !== undefined;
  return false;
}
