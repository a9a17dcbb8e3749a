// The secrets of an endpoint and its signatures, after Standard Webhooks 1.0.0.
import { Webhook } from "standardwebhooks";

export interface Secret {
  value: string;
  /** Of a replaced secret: until then it signs, too. */
  validUntil?: Date;
}

const BYTES = 32;
export const REPLACED_VALID_MS = 24 * 3_600_000;

export const newSecret = (): string =>
  `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(BYTES))).toString("base64")}`;

/** The new secret and the one before, which stays valid until then. An even older one ends at once. */
export const replaced = ([current]: readonly Secret[], value: string, validUntil: Date): Secret[] => [
  { value },
  ...(current ? [{ value: current.value, validUntil }] : []),
];

/** The headers of an attempt, with one signature for each valid secret. */
export function signedHeaders(secrets: readonly Secret[], messageId: string, payload: string, now: Date) {
  const valid = secrets.filter(({ validUntil }) => !validUntil || validUntil > now);
  return {
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": valid.map(({ value }) => new Webhook(value).sign(messageId, now, payload)).join(" "),
  };
}
