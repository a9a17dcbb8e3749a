import { Type } from "@sinclair/typebox";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

function base32(value: bigint, length: number): string {
  let text = "";
  for (let rest = value, i = 0; i < length; i++, rest >>= 5n) text = ALPHABET[Number(rest & 31n)] + text;
  return text;
}

/** A new id such as `xyz_01j…`: a ULID in lower case (48 bits of milliseconds, 80 random bits), so ids sort by creation
 * time. */
export function newId(prefix: string, now = Date.now()): string {
  const random = crypto.getRandomValues(new BigUint64Array(2));
  const bits = ((random[0] ?? 0n) << 16n) | ((random[1] ?? 0n) & 0xffffn);
  return `${prefix}_${base32(BigInt(now), 10)}${base32(bits, 16)}`;
}

/** The last 16 characters of an id that is derived from a text, so that the same text makes the same id: 80 bits of SHA-256. */
export function digestOf(text: string): string {
  const digest = new Bun.CryptoHasher("sha256").update(text).digest();
  return base32(
    digest.subarray(0, 10).reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n),
    16,
  );
}

/** The id of `newId`'s form that belongs to this text and time. */
export const derivedId = (prefix: string, text: string, at: Date): string =>
  `${prefix}_${base32(BigInt(at.getTime()), 10)}${digestOf(text)}`;

export const idSchema = (prefix: string, description: string) =>
  Type.String({
    pattern: `^${prefix}_[0-9a-z]{26}$`,
    maxLength: prefix.length + 27,
    description,
    examples: [`${prefix}_01k9v3e6m2x8r4t7w0z5b1c3d6`],
  });
