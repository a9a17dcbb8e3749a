// Codes of an authenticator app (RFC 6238), with the values that every app knows: SHA-1, six digits, 30 seconds.
import { Secret, TOTP } from "otpauth";

const DIGITS = 6;
const PERIOD_SECONDS = 30;
/** Steps before and after the current one: clocks differ, and typing takes time (RFC 6238, section 5.2). */
const SKEW_STEPS = 1;
/** RFC 4226, section 4: 160 bits. */
const SECRET_BYTES = 20;

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const RECOVERY_CODES = 10;
/** 120 random bits, so that a plain hash protects them and guessing is hopeless. */
const RECOVERY_CHARACTERS = 24;

const totpOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: "SHA1", digits: DIGITS, period: PERIOD_SECONDS });

/** In base32. */
export const newSecret = () => new Secret({ size: SECRET_BYTES }).base32;

/** What a QR code for the app contains. */
export const uriOf = (secret: string, issuer: string, label: string) =>
  new TOTP({ secret, issuer, label, algorithm: "SHA1", digits: DIGITS, period: PERIOD_SECONDS }).toString();

export const codeAt = (secret: string, at: Date) => totpOf(secret).generate({ timestamp: at.getTime() });

/** The time step that the code is of; undefined when it is not of this one or a neighbour. */
export function stepOf(secret: string, code: string, at: Date): number | undefined {
  const totp = totpOf(secret);
  const timestamp = at.getTime();
  const delta = totp.validate({ token: code, timestamp, window: SKEW_STEPS });
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}

function newRecoveryCode(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(RECOVERY_CHARACTERS));
  return Array.from(bytes, (byte) => ALPHABET[byte & 31])
    .join("")
    .replace(/.{4}(?=.)/g, "$&-");
}

/** Such as `7k2m-…`: six groups of four. */
export const newRecoveryCodes = () => Array.from({ length: RECOVERY_CODES }, newRecoveryCode);

/** The form that is hashed: people type capitals and leave out hyphens. */
export const recoveryForm = (code: string) => code.toLowerCase().replaceAll("-", "");
