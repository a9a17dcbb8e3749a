// One named component for each schema of a document. The generator writes out every use of a schema, from which client
// generators make as many anonymous types.
import { TypeGuard } from "@sinclair/typebox";
import { isObject, type Json, type JsonObject, sorted } from "./schemas.ts";

/** What a module exports: schemas by their names, and anything else. */
export type SchemaModule = Readonly<Record<string, unknown>>;

/** Objects with fields, and lists of values. Smaller schemas read better where they are used. */
const isWorthAName = (schema: JsonObject) =>
  (schema.type === "object" && isObject(schema.properties) && Object.keys(schema.properties).length > 0) ||
  (Array.isArray(schema.enum) && schema.enum.length > 1);

/** Equal schemas have equal texts, wherever they were copied to and in whatever order their keys are. */
const textOf = (schema: Json) =>
  JSON.stringify(schema, (_, value: Json) => (isObject(value) ? sorted(value) : value));

/** The names by the schemas' texts. The first of two equal schemas gives the name. */
export function namesOf(module: SchemaModule, asDocumented: (schema: unknown) => Json): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(module)) {
    const documented = TypeGuard.IsSchema(schema) ? asDocumented(schema) : null;
    if (!isObject(documented) || !isWorthAName(documented)) continue;
    const text = textOf(documented);
    if (!names.has(text)) names.set(text, name);
  }
  return names;
}

/** Replaces each use of a named schema by a reference, within components, too. */
export function withComponents(document: JsonObject, names: Map<string, string>): JsonObject {
  const components: JsonObject = {};
  const refer = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(refer);
    if (!isObject(value)) return value;
    const name = isWorthAName(value) ? names.get(textOf(value)) : undefined;
    if (name === undefined) return inside(value);
    if (!(name in components)) {
      components[name] = {};
      components[name] = inside(value);
    }
    return { $ref: `#/components/schemas/${name}` };
  };
  const inside = (value: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, refer(inner)]));
  const paths = refer(document.paths ?? {});
  const webhooks = document.webhooks && { webhooks: refer(document.webhooks) };
  const others = isObject(document.components) ? document.components : {};
  const schemas = isObject(others.schemas) ? inside(others.schemas) : {};
  const all = sorted({ ...schemas, ...components });
  return { ...document, paths, ...webhooks, components: { ...others, schemas: all } };
}
