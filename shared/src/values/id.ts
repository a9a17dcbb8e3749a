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

export const idSchema = (prefix: string, description: string) =>
  Type.String({
    pattern: `^${prefix}_[0-9a-z]{26}$`,
    maxLength: prefix.length + 27,
    description,
    examples: [`${prefix}_01k9v3e6m2x8r4t7w0z5b1c3d6`],
  });
