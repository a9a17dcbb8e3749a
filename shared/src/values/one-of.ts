import { Type } from "@sinclair/typebox";

/** One of these words. */
export const oneOf = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>(
    Type.Union(
      values.map((value) => Type.Literal(value)),
      { ...(description && { description }) },
    ),
  );
