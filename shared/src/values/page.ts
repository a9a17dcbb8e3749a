import { type Static, type TObject, type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { t } from "elysia";
import { malformed } from "./errors.ts";

/** The query parameters of every list. */
export const pageQuery = {
  limit: t.Optional(
    t.Integer({
      ...{ minimum: 1, maximum: 100, default: 20, description: "Maximum number of items" },
      ...{ parameter: "limit", expects: "A whole number from 1 to 100" },
    }),
  ),
  cursor: t.Optional(
    Type.String({ minLength: 1, maxLength: 400, description: "The nextCursor of the previous page" }),
  ),
};
/** A parameter of a query that is `true` or `false`. */
export const Flag = (description: string) => t.Boolean({ description, expects: "true or false" });
export const PAGE_SIZE_DEFAULT = 20;

/** The shape of every list. */
export const pageOf = <S extends TSchema>(item: S) =>
  Type.Object(
    { items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) },
    { additionalProperties: false },
  );
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export const encodeCursor = (position: object) => Buffer.from(JSON.stringify(position)).toString("base64url");

/** Throws 400 for a malformed cursor. */
export function decodeCursor<S extends TObject>(
  schema: S,
  cursor: string | undefined,
): Static<S> | undefined {
  if (cursor === undefined) return undefined;
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Value.Check(schema, position)) return position;
  } catch {
    // Not JSON: the same error as for the wrong shape.
  }
  throw malformed(
    "MALFORMED_CURSOR",
    "The cursor is not valid: send the `nextCursor` of a page of this list.",
  );
}

/** Makes a page of `limit` items from up to `limit + 1` rows. The extra row only shows that there are more. */
export function toPage<Row, T>(
  rows: Row[],
  limit: number,
  view: (row: Row) => T,
  position: (row: Row) => object,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(view), nextCursor: more ? encodeCursor(position(last)) : null };
}
