// Field schemas that all services use. Each has a size limit, so that every request is bounded.
import { type Static, Type } from "@sinclair/typebox";
import { hasPostalCodes, isCountry, isCurrency } from "./codes.ts";
import { unprocessable } from "./errors.ts";
import { Location } from "./geo.ts";
import { ruled, stored } from "./ruled.ts";

/** Control characters (C0 except tab, line feed and carriage return; DEL; C1), line and paragraph separators, and
 * bidirectional controls, which make a text display as another one. */
const NEVER = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069";
const ONE_LINE = new RegExp(`^[^\\t\\n\\r${NEVER}]*$`);
const LINES = new RegExp(`^[^${NEVER}]*$`);
/** A letter, number, punctuation mark or symbol that is not invisible (a filler or an empty Braille cell is). */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800]]/v;

/** Counts code points, as JSON Schema does. */
function hasLength(text: string, min: number, max: number): boolean {
  // A code point has at most two UTF-16 units, so a much longer text needs no counting.
  if (text.length > 2 * max) return false;
  let count = 0;
  for (const _ of text) count++;
  return count >= min && count <= max;
}

/** One line with at least one visible character. http/json.ts has already normalised it to NFC. */
export const Line = (maxLength: number, description?: string) =>
  ruled({
    minLength: 1,
    maxLength,
    pattern: ONE_LINE.source,
    ...(description && { description }),
    expects: `One line of 1 to ${maxLength} characters, at least one of them visible, without control characters`,
    check: (text) => hasLength(text, 1, maxLength) && ONE_LINE.test(text) && VISIBLE.test(text),
  });

/** Free text, line breaks allowed. */
export const Text = (maxLength: number, description?: string, minLength = 0) =>
  ruled({
    ...(minLength > 0 && { minLength }),
    maxLength,
    pattern: LINES.source,
    ...(description && { description }),
    expects: `Text of ${minLength} to ${maxLength} characters, without control characters except tabs and line breaks`,
    check: (text) => hasLength(text, minLength, maxLength) && LINES.test(text),
  });

/** The pattern is needed: the format alone also accepts a date without time and a time without zone. */
const INSTANT = {
  format: "date-time",
  pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$",
  maxLength: 40,
  description: "RFC 3339, UTC",
};
export const Instant = Type.String({ ...INSTANT, examples: ["2026-11-23T12:00:00.000Z"] });
/** Must be near the present time, so no example stays true. */
export const InstantNearNow = Type.String(INSTANT);

/** Also accepts the 29th to 31st of a shorter month. */
export const CalendarDate = Type.String({
  pattern: "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
  maxLength: 10,
  description: "RFC 3339, full-date",
  examples: ["2026-12-25"],
});

export const Email = Type.String({
  format: "email",
  minLength: 3,
  maxLength: 254,
  examples: ["ada@example.com"],
});

const PASSWORD = { minLength: 8, maxLength: 128 };
/** NIST SP 800-63B: length limits and no composition rules. Counted in NFC, the form that is hashed. */
export const Password = ruled({
  ...PASSWORD,
  examples: ["correct horse battery"],
  expects: `${PASSWORD.minLength} to ${PASSWORD.maxLength} characters`,
  check: (text) => hasLength(text.normalize("NFC"), PASSWORD.minLength, PASSWORD.maxLength),
});

/** A password to compare with a stored hash. Older rules may have accepted it, so only its size is limited. */
export const KnownPassword = Type.String({ minLength: 1, maxLength: 1_024 });

const PHONE = /^(?=(?:[^0-9]*[0-9]){5})\+?[0-9][0-9 ()./-]{4,28}$/;
export const Phone = ruled({
  pattern: PHONE.source,
  maxLength: 30,
  examples: ["+49 30 1234567"],
  expects: "A phone number with at least five digits",
  check: (text) => PHONE.test(text),
});

export const Cents = Type.Integer({
  minimum: 0,
  maximum: 100_000_000,
  description: "Integer minor units of the currency",
});

export const Currency = ruled({
  pattern: "^[A-Z]{3}$",
  maxLength: 3,
  description: "ISO 4217 code of a currency in use",
  examples: ["EUR"],
  expects: "The ISO 4217 code of a currency in use, such as EUR",
  check: isCurrency,
});

const Country = ruled({
  pattern: "^[A-Z]{2}$",
  maxLength: 2,
  description: "ISO 3166-1 alpha-2",
  examples: ["DE"],
  expects: "An ISO 3166-1 alpha-2 code, such as DE",
  check: isCountry,
});

/** An address in a request. In responses it is a `StoredAddress`. */
export const PostalAddress = Type.Object(
  {
    line1: Line(200),
    city: Line(100),
    postalCode: Type.Optional(Line(20, "Required unless the country has no postal codes")),
    country: Country,
    location: Location,
  },
  { additionalProperties: false },
);
export type PostalAddress = Static<typeof PostalAddress>;
export const StoredAddress = stored(PostalAddress);

export const postalCodeRequired = (pointer: string) =>
  unprocessable("VALIDATION_FAILED", "The request does not have the expected shape.", {
    details: [
      { pointer: `${pointer}/postalCode`, detail: "Required: addresses in this country have a postal code" },
    ],
  });

/** Throws 422 when the postal code is missing and the country has postal codes. */
export function requirePostalCode({ country, postalCode }: PostalAddress, pointer: string): void {
  if (postalCode === undefined && hasPostalCodes(country)) throw postalCodeRequired(pointer);
}
