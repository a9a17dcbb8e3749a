// Parses JSON bodies. Accepts only well-formed Unicode, because other text would change when stored, and normalises it to
// NFC.
import { malformed } from "../values/errors.ts";

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Without these characters every string is well-formed and in NFC. */
const MAY_NEED_CARE = /[^\0-\x7f]|\\u/;
/** Passwords stay unchanged: accounts/passwords.ts compares them with older hashes. */
const SECRET = /password$/i;

const notJson = () => malformed("MALFORMED_JSON", "The body is not valid JSON in UTF-8.");

/** Throws 400 when the bytes are not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw notJson();
  }
}

/** Refuses a lone surrogate, which only an escape can produce. */
function careful(key: string, value: unknown): unknown {
  if (!key.isWellFormed()) throw notJson();
  if (typeof value !== "string") return value;
  if (!value.isWellFormed()) throw notJson();
  return SECRET.test(key) ? value : value.normalize("NFC");
}

/** Throws 400 when the text is not JSON or not well-formed Unicode. */
export function parseJson(text: string): unknown {
  try {
    return MAY_NEED_CARE.test(text) ? JSON.parse(text, careful) : JSON.parse(text);
  } catch {
    throw notJson();
  }
}
