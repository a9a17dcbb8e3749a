import { Type } from "@sinclair/typebox";
import { currentRegion, REGION } from "./region.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

function base32(value: bigint, length: number): string {
  let text = "";
  for (let rest = value, i = 0; i < length; i++, rest >>= 5n) text = ALPHABET[Number(rest & 31n)] + text;
  return text;
}

/** Between the prefix and the rest. */
const regionPart = () => (currentRegion() === "" ? "" : `${currentRegion()}_`);

/** A new id such as `xyz_01j…`: a ULID in lower case (48 bits of milliseconds, 80 random bits), so ids sort by creation
 * time. With a region it is `xyz_ber_01j…`. */
export function newId(prefix: string, now = Date.now()): string {
  const random = crypto.getRandomValues(new BigUint64Array(2));
  const bits = ((random[0] ?? 0n) << 16n) | ((random[1] ?? 0n) & 0xffffn);
  return `${prefix}_${regionPart()}${base32(BigInt(now), 10)}${base32(bits, 16)}`;
}

/** The least id without a region that can be made at that time. */
export const plainId = (prefix: string, at: Date): string => `${prefix}_${base32(BigInt(at.getTime()), 10)}`;

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
  `${prefix}_${regionPart()}${base32(BigInt(at.getTime()), 10)}${digestOf(text)}`;

/** The rest of an id after its prefix, as a pattern. */
export const ID_BODY = `_(${REGION}_)?[0-9a-z]{26}`;

export const idSchema = (prefix: string, description: string) =>
  Type.String({
    pattern: `^${prefix}${ID_BODY}$`,
    maxLength: prefix.length + 36,
    description,
    examples: [`${prefix}_01k9v3e6m2x8r4t7w0z5b1c3d6`],
  });
