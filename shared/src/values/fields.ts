// The small wire shapes that every service uses, each with its bounds, so that no request is unbounded.
import { type Static, Type } from "@sinclair/typebox";
import { Location } from "./geo.ts";

/** One line of text: no control characters, not blank. The pattern takes linear time: it is also matched against
 * text that is far too long. */
export const Line = (maxLength: number, description?: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: "^(?!\\s*$)[^\\u0000-\\u001f\\u007f]*$",
    ...(description && { description }),
  });

/** Free text, possibly empty, line breaks allowed. */
export const Text = (maxLength: number, description?: string) =>
  Type.String({
    maxLength,
    pattern: "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$",
    ...(description && { description }),
  });

/** The format alone also takes a bare date and a time without a zone. */
export const Instant = Type.String({
  format: "date-time",
  pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$",
  maxLength: 40,
  description: "RFC 3339, UTC",
  examples: ["2026-11-23T12:00:00.000Z"],
});

/** A day of the calendar, or the 29th to 31st of a month that is shorter. */
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

/** NIST SP 800-63B: a minimum length, a generous maximum, no rules of composition. */
export const Password = Type.String({ minLength: 8, maxLength: 128, examples: ["correct horse battery"] });

export const Phone = Type.String({
  pattern: "^\\+?[0-9][0-9 ()./-]{4,28}$",
  maxLength: 30,
  examples: ["+49 30 1234567"],
});

export const Cents = Type.Integer({
  minimum: 0,
  maximum: 100_000_000,
  description: "Integer minor units of the currency",
});

export const Currency = Type.String({
  pattern: "^[A-Z]{3}$",
  maxLength: 3,
  description: "ISO 4217",
  examples: ["EUR"],
});

export const PostalAddress = Type.Object(
  {
    line1: Line(200),
    city: Line(100),
    postalCode: Line(20),
    country: Type.String({
      pattern: "^[A-Z]{2}$",
      maxLength: 2,
      description: "ISO 3166-1 alpha-2",
      examples: ["DE"],
    }),
    location: Location,
  },
  { additionalProperties: false },
);
export type PostalAddress = Static<typeof PostalAddress>;
