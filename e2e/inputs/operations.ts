// A service's operations as its own OpenAPI document lists them.
import { type Access, type AccessTable, ANYONE } from "@food/shared/auth/access";
import { withAnswers } from "@food/shared/testing/documented";
import { access as customer } from "../../services/customer/src/access.ts";
import { access as delivery } from "../../services/delivery/src/access.ts";
import { access as order } from "../../services/order/src/access.ts";
import { access as restaurant } from "../../services/restaurant/src/access.ts";
import type { ServiceName } from "../platform.ts";

/** JSON Schema, as far as our documents use it. */
export interface Schema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  patternProperties?: Record<string, Schema>;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
  examples?: unknown[];
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  schema: Schema;
}

export interface Operation {
  service: ServiceName;
  method: string;
  path: string;
  access: Access;
  parameters: Parameter[];
  body?: Schema;
  /** The schema of each status and media type; undefined for an answer without a body. */
  answers: Record<string, Record<string, Schema>>;
}

interface Document {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
}
interface Described {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

const TABLES: Record<ServiceName, AccessTable> = { customer, restaurant, order, delivery };

const COMPONENT = "#/components/schemas/";

/** The same with each reference replaced by the schema that it names. */
function resolved<T>(value: T, schemas: Record<string, unknown>): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => resolved(item, schemas)) as T;
  if ("$ref" in value && typeof value.$ref === "string")
    return resolved(schemas[value.$ref.slice(COMPONENT.length)] as T, schemas);
  const entries = Object.entries(value).map(([name, inner]) => [name, resolved(inner, schemas)]);
  return Object.fromEntries(entries) as T;
}

/** All operations but those about the process itself. */
export async function operationsOf(service: ServiceName, url: string): Promise<Operation[]> {
  const text = withAnswers((await (await fetch(`${url}/swagger/json`)).json()) as Document);
  const document = { paths: resolved(text.paths, text.components.schemas) };
  const table = new Map<string, Access>(Object.entries(TABLES[service]));
  const accessTo = (method: string, path: string) =>
    table.get(`${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`) ?? ANYONE;
  const answersOf = ({ responses }: Described) =>
    Object.fromEntries(
      Object.entries(responses).map(([status, { content = {} }]) => [
        status,
        Object.fromEntries(Object.entries(content).map(([media, { schema }]) => [media, schema])),
      ]),
    );
  return Object.entries(document.paths).flatMap(([path, item]) =>
    path.startsWith("/health") || path.startsWith("/.well-known")
      ? []
      : Object.entries(item).map(([method, described]) => {
          const body = described.requestBody?.content["application/json"]?.schema;
          return {
            service,
            method: method.toUpperCase(),
            path,
            access: accessTo(method, path),
            parameters: described.parameters ?? [],
            ...(body && { body }),
            answers: answersOf(described),
          };
        }),
  );
}
