const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const ORDER_TIME = /^ord_([0-9a-z]{10})/;

/** The delivery id of one round of an order. The derivation is deterministic, so a repeated assignment uses
 * the same id. It begins with the order's time and ends with 80 bits of SHA-256. */
export function deliveryIdOf(orderId: string, round: number): string {
  const digest = new Bun.CryptoHasher("sha256").update(`${orderId}:${round}`).digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 16; i++, bits >>= 5n) text = ALPHABET[Number(bits & 31n)] + text;
  return `dlv_${ORDER_TIME.exec(orderId)?.[1] ?? ""}${text}`;
}
