// The schemas of routes, as OpenAPI 3.1 documents show them.
import { TypeGuard } from "@sinclair/typebox";
import type { AnyElysia } from "elysia";
import { NoBody } from "../app.ts";

export type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
export type JsonObject = { [key: string]: Json };
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** By its keys. */
export const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

const NUMERIC = new Set(["integer", "number", "boolean"]);

/** `t.Integer` in a query is `string | integer` in the generated schema. Documents it as an integer. */
function withoutCoercion(schema: JsonObject): JsonObject {
  const options = schema.anyOf;
  if (!Array.isArray(options) || options.length !== 2) return schema;
  const numeric = options.find((option) => isObject(option) && NUMERIC.has(String(option.type)));
  const text = options.find((option) => isObject(option) && option.type === "string" && option.format);
  if (!isObject(numeric) || !isObject(text)) return schema;
  const { anyOf: _, ...rest } = schema;
  return { ...rest, ...numeric };
}

/** TypeBox writes a union of literals as `anyOf` of `const`. Client generators need an `enum`. */
function asEnum(schema: JsonObject): JsonObject {
  const options = schema.anyOf;
  if (
    !Array.isArray(options) ||
    !options.every((option) => isObject(option) && option.type === "string" && "const" in option)
  )
    return schema;
  const { anyOf: _, ...rest } = schema;
  return { ...rest, type: "string", enum: options.map((option) => (option as JsonObject).const ?? null) };
}

/** The generator writes a plain type or null as a list of types, and leaves other schemas as they are. */
function asTypes(schema: JsonObject): JsonObject {
  const options = schema.anyOf;
  const typeOf = (option: Json) =>
    isObject(option) && typeof option.type === "string" && Object.keys(option).length === 1
      ? option.type
      : null;
  if (!Array.isArray(options) || options.some((option) => typeOf(option) === null)) return schema;
  const { anyOf: _, ...rest } = schema;
  return { ...rest, type: options.map(typeOf) };
}

const INT32 = 2 ** 31;
/** The narrowest format that has all its values. */
function withFormat(schema: JsonObject): JsonObject {
  if (schema.type !== "integer" || "format" in schema) return schema;
  const { minimum, maximum } = schema;
  const isNarrow = Number(minimum) >= -INT32 && Number(maximum) < INT32;
  return { ...schema, format: isNarrow ? "int32" : "int64" };
}

export function mendSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(mendSchema);
  if (!isObject(value)) return value;
  const { $id: _, expects: __, parameter: ___, ...rest } = value;
  const mended = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, mendSchema(inner)]));
  return withFormat(asTypes(asEnum(withoutCoercion(mended))));
}

export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** A route's own schemas. The generator loses the description of an enum, and has no media type for a custom parser. */
export interface Schemas {
  /** Absent for `NoBody`. */
  body?: { schema: Json; required: boolean };
  /** By place and name, such as `query limit`. */
  parameters: Record<string, Json>;
  /** By status. */
  responses: Record<string, Json>;
}

export const NO_SCHEMAS: Schemas = { parameters: {}, responses: {} };
const PLACES = { params: "path", query: "query", headers: "header" } as const;

function schemasIn({ hooks }: AnyElysia["routes"][number]): Schemas {
  const { body, response } = hooks ?? {};
  const parameters = Object.entries(PLACES).flatMap(([part, place]) =>
    Object.entries((hooks?.[part]?.properties ?? {}) as Record<string, unknown>).map(([name, schema]) => [
      `${place} ${name}`,
      mendSchema(asJson(schema)),
    ]),
  );
  const responses = TypeGuard.IsSchema(response) ? { "200": response } : (response ?? {});
  return {
    ...(TypeGuard.IsSchema(body) &&
      body !== NoBody && {
        body: { schema: mendSchema(asJson(body)), required: !TypeGuard.IsOptional(body) },
      }),
    parameters: Object.fromEntries(parameters),
    responses: Object.fromEntries(
      Object.entries(responses).map(([status, schema]) => [status, mendSchema(asJson(schema))]),
    ),
  };
}

export const schemasOf = (app: AnyElysia): Map<string, Schemas> =>
  new Map(
    app.routes.map((route) => [
      `${route.method.toLowerCase()} ${route.path.replace(/:(\w+)/g, "{$1}")}`,
      schemasIn(route),
    ]),
  );
