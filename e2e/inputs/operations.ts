// A service's operations as its own OpenAPI document lists them.
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
  /** Which kind of token it needs. */
  needs: "user" | "service" | "nothing";
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
  security?: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

const needsOf = ({ security = [] }: Described): Operation["needs"] => {
  const schemes = security.flatMap((scheme) => Object.keys(scheme));
  return schemes.includes("service") ? "service" : schemes.length > 0 ? "user" : "nothing";
};

/** All operations but those about the process itself. */
export async function operationsOf(service: ServiceName, url: string): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/swagger/json`)).json()) as Document;
  const { Problem = {} } = document.components.schemas;
  const answersOf = ({ responses }: Described) =>
    Object.fromEntries(
      Object.entries(responses).map(([status, { content = {} }]) => [
        status,
        Object.fromEntries(
          Object.entries(content).map(([media, { schema }]) => [media, "$ref" in schema ? Problem : schema]),
        ),
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
            needs: needsOf(described),
            parameters: described.parameters ?? [],
            ...(body && { body }),
            answers: answersOf(described),
          };
        }),
  );
}
