// Parses JSON bodies. Accepts only well-formed Unicode, because other text would change when stored, and normalises it to
// NFC.
import { AppError, malformed } from "../values/errors.ts";

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
  if (key === RESERVED) throw reservedName();
  if (typeof value !== "string") return value;
  if (!value.isWellFormed()) throw notJson();
  return SECRET.test(key) ? value : value.normalize("NFC");
}

/** Any code that makes a text of an object with such a property fails, as the framework's messages do. */
const RESERVED = "toString";
const reservedName = () => malformed("RESERVED_NAME", `No field may be called ${RESERVED}.`);

/** Throws 400 when the text is not JSON, not well-formed Unicode or has a reserved name. */
export function parseJson(text: string): unknown {
  try {
    return MAY_NEED_CARE.test(text) || text.includes(RESERVED) ? JSON.parse(text, careful) : JSON.parse(text);
  } catch (error) {
    throw error instanceof AppError ? error : notJson();
  }
}
