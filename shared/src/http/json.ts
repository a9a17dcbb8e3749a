// JSON from the bytes of a body. Text arrives as well-formed Unicode in one form (NFC) or not at all: what cannot be
// stored as it came would be stored as something else.
import { malformed } from "../values/errors.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** In a body of ASCII without escapes every string is well-formed and in NFC. */
const MAY_NEED_CARE = /[^\0-\x7f]|\\u/;
/** Passwords stay as they came: accounts/passwords.ts compares them with older hashes. */
const SECRET = /password$/i;

const notJson = () => malformed("MALFORMED_JSON", "The body is not valid JSON in UTF-8.");

/** Throws 400 for bytes that are not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw notJson();
  }
}

/** Refuses half a surrogate pair, which only an escape can bring in. */
function careful(key: string, value: unknown): unknown {
  if (!key.isWellFormed()) throw notJson();
  if (typeof value !== "string") return value;
  if (!value.isWellFormed()) throw notJson();
  return SECRET.test(key) ? value : value.normalize("NFC");
}

/** Throws 400 for what is not JSON, or not well-formed Unicode. */
export function parseJson(text: string): unknown {
  try {
    return MAY_NEED_CARE.test(text) ? JSON.parse(text, careful) : JSON.parse(text);
  } catch {
    throw notJson();
  }
}
