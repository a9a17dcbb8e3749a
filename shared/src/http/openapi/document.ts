// The OpenAPI document, generated from the routes' schemas. The `mend…` functions correct what the generator gets wrong.
import { toOpenAPISchema } from "@elysiajs/openapi";
import type { TSchema } from "@sinclair/typebox";
import type { AnyElysia } from "elysia";
import { type Access, type AccessTable, mayForbid, rowsOf } from "../../auth/access.ts";
import { PRIVATE } from "../app.ts";
import { Problem } from "../problem.ts";
import { namesOf, type SchemaModule, withComponents } from "./components.ts";
import {
  codesOf,
  LIMIT_HEADERS,
  LIMIT_REFERENCES,
  type Place,
  refusal,
  SharedRefusals,
  STATUS_WORDS,
} from "./refusals.ts";
import {
  asJson,
  isObject,
  type Json,
  type JsonObject,
  mendSchema,
  NO_SCHEMAS,
  type Schemas,
  schemasOf,
  sorted,
} from "./schemas.ts";

/** The body of a request by its route, such as `PATCH /v1/things/:thingId`. */
export type Examples = Readonly<Record<string, object>>;

/** A message that the service posts to URLs of others. */
export interface SentMessage {
  tag: string;
  summary: string;
  description: string;
  /** What its headers say, by their names. */
  headers: Readonly<Record<string, string>>;
  schema: TSchema;
  example: object;
  /** What the answers mean, by status. */
  answers: Readonly<Record<string, string>>;
}

export interface ApiInfo {
  title: string;
  description: string;
  /** What each group of operations is about, in reading order. */
  tags: Readonly<Record<string, string>>;
  /** Its exported schemas become components by their names. */
  schemas: SchemaModule;
  examples: Examples;
  /** By name. */
  sends?: Readonly<Record<string, SentMessage>>;
}

/** Whether requests are counted, as in service/request-limits.ts. */
const isLimited = (path: string) => path.startsWith("/v1/");

const METHODS = ["get", "put", "post", "patch", "delete"];
/** The generator inlines schemas, so the description identifies this one. */
const isProblem = (schema: Json | undefined) =>
  isObject(schema) && schema.description === Problem.description;
/** `contentMediaType` in a response's schema overrides the media type. */
function mediaTypeOf(media: Json | undefined, fallback: string): string {
  const schema = isObject(media) && isObject(media.schema) ? media.schema : {};
  return typeof schema.contentMediaType === "string" ? schema.contentMediaType : fallback;
}

function mendResponse(status: string, response: Json, schema: Json | undefined): Json {
  if (!isObject(response)) return response;
  const { content, ...others } = response;
  const rest = { ...others, description: STATUS_WORDS[status] ?? "" };
  if (status === "204" || status === "304" || !isObject(content)) return rest;
  const [[name, generated] = ["application/json", {}]] = Object.entries(content);
  const media = schema === undefined ? generated : { ...(isObject(generated) && generated), schema };
  return { ...rest, content: { [mediaTypeOf(media, name)]: media ?? {} } };
}

/** The declared responses, the refusals of what stands before the route, and `default`. */
function mendResponses(
  place: Place,
  { responses }: JsonObject,
  schemas: Schemas["responses"],
  refusals: SharedRefusals,
): JsonObject {
  const refuse: typeof refusal = (status, codes) =>
    isLimited(place.path) ? refusals.refer(status, codes) : refusal(status, codes);
  const declared = Object.entries(isObject(responses) ? responses : {});
  const isRefusal = (status: string) => isProblem(schemas[status]);
  const own = declared.flatMap(([status]): [string, string[]][] => {
    const schema = schemas[status];
    return isObject(schema) && isProblem(schema) ? [[status, (schema.codes as string[]) ?? []]] : [];
  });
  return {
    ...Object.fromEntries(
      [...codesOf(place, Object.fromEntries(own))].map(([status, codes]) => [status, refuse(status, codes)]),
    ),
    ...Object.fromEntries(
      declared
        .filter(([status]) => !isRefusal(status))
        .map(([status, response]) => [status, mendResponse(status, response, schemas[status])]),
    ),
    default: refuse("default"),
  };
}

const operationId = (method: string, path: string) =>
  `${method} ${path}`
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word && word !== "v1")
    .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");

/** `x-required` marks a parameter that the route requires with its own error instead of by its schema. */
function mendParameter(parameter: JsonObject, schema: JsonObject): void {
  const { "x-required": demanded, description, examples, ...rest } = schema;
  // Pages show a parameter's own description, not its schema's.
  if (description) parameter.description = description;
  if (Array.isArray(examples)) parameter.example = examples[0] ?? null;
  if ("default" in schema) parameter.required = false;
  if (demanded) parameter.required = true;
  parameter.schema = rest;
}

/** The token that a caller needs. */
function securityOf(row: Access): JsonObject[] {
  if ("anyone" in row) return [];
  const ticket = "roles" in row && row.ticket ? [{ ticket: [] }] : [];
  return ["roles" in row ? { bearer: [] } : { service: [] }, ...ticket];
}

/** The headers of a counted request, in successes. */
function declareLimits(operation: JsonObject): void {
  for (const [status, response] of Object.entries(operation.responses ?? {}))
    if (isObject(response) && status.startsWith("2"))
      response.headers = { ...(isObject(response.headers) && response.headers), ...LIMIT_REFERENCES };
}

function mendOperation(
  place: Place,
  operation: JsonObject,
  refusals: SharedRefusals,
  schemas = NO_SCHEMAS,
  example: object | undefined = undefined,
): void {
  const { body, parameters, responses } = schemas;
  operation.operationId = operationId(place.method, place.path);
  if (place.row) operation.security = securityOf(place.row);
  delete operation.requestBody;
  if (body)
    operation.requestBody = {
      required: body.required,
      content: { "application/json": { schema: body.schema, ...(example && { example: asJson(example) }) } },
    };
  if (Array.isArray(operation.parameters))
    for (const parameter of operation.parameters)
      if (isObject(parameter)) {
        const schema = parameters[`${parameter.in} ${parameter.name}`] ?? parameter.schema;
        if (isObject(schema)) mendParameter(parameter, schema);
      }
  operation.responses = mendResponses(place, operation, responses, refusals);
  if (isLimited(place.path)) declareLimits(operation);
}

/** The tags of every service. Those for its own operations stand between them. */
const FIRST = {
  sessions: "Sign in, refresh the tokens, sign out.",
  accounts: "Passwords, email addresses and what protects an account.",
};
const LAST = {
  internal: "For other services, with a service token. Not reachable from outside.",
  operations: "Health and public keys.",
};

/** The used tags, in reading order. */
function tagsOf(paths: JsonObject, own: ApiInfo["tags"]): JsonObject[] {
  const used = new Set(
    Object.values(paths).flatMap((item) => Object.values(item ?? {}).flatMap(({ tags }) => tags)),
  );
  const described = { ...FIRST, ...own, ...LAST };
  return Object.entries(described)
    .filter(([name]) => used.has(name))
    .map(([name, description]) => ({ name, description }));
}

const jsonWebToken = (description: string) => ({
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description: `${description}. Verified by the rules of RFC8725: algorithm, type, issuer and audience are fixed`,
});
const SCHEMES = {
  bearer: jsonWebToken("From `POST /v1/sessions` of the service that has the account"),
  service: jsonWebToken("Another service's own token"),
  ticket: {
    type: "apiKey",
    in: "query",
    name: "ticket",
    description: "For an `EventSource`: opens one event stream, from `POST …/events/tickets`",
  },
};

/** The kinds of token that some row asks for. */
function schemesOf(access: AccessTable, isPublic: boolean): JsonObject {
  const rows = Object.values(access);
  const used = {
    bearer: rows.some((row) => "roles" in row),
    service: !isPublic && rows.some((row) => "services" in row),
    ticket: rows.some((row) => "roles" in row && row.ticket),
  };
  return Object.fromEntries(Object.entries(SCHEMES).filter(([name]) => used[name as keyof typeof SCHEMES]));
}

const sentOperation = (name: string, { tag, summary, description, ...sent }: SentMessage): JsonObject => ({
  post: {
    ...{ operationId: operationId("receive", name), tags: [tag], summary, description, security: [] },
    parameters: Object.entries(sent.headers).map(([header, meaning]) => ({
      ...{ name: header, in: "header", required: true, description: meaning, schema: { type: "string" } },
    })),
    requestBody: {
      required: true,
      content: {
        "application/json": { schema: mendSchema(asJson(sent.schema)), example: asJson(sent.example) },
      },
    },
    responses: Object.fromEntries(
      Object.entries(sent.answers).map(([status, meaning]) => [status, { description: meaning }]),
    ),
  },
});

export const API_VERSION = "1.0.0";

/** The OpenAPI 3.1 document of a service's routes, with or without those that only services and operators reach. */
export function openapiDocument(
  app: AnyElysia,
  { title, description, schemas: named, tags, examples, sends }: ApiInfo,
  access: AccessTable,
  isPublic = false,
): JsonObject {
  const exclude = {
    paths: [/^\/(swagger|$)/, "/metrics", ...(isPublic ? [PRIVATE] : [])],
    staticFile: false,
  };
  const generated = mendSchema(
    asJson(toOpenAPISchema(app, exclude, undefined, undefined, "3.1.0")),
  ) as JsonObject;
  const paths = generated.paths as JsonObject;
  const schemas = schemasOf(app);
  const rowOf = rowsOf(access);
  const refusals = new SharedRefusals();
  for (const [path, item] of Object.entries(paths))
    for (const method of METHODS) {
      const operation = isObject(item) ? item[method] : undefined;
      if (!isObject(operation)) continue;
      const route = path.replaceAll(/\{(\w+)\}/g, ":$1");
      const row = rowOf(method.toUpperCase(), route);
      const place = { method, path, row, mayForbid: row !== undefined && mayForbid(access, row) };
      mendOperation(
        place,
        operation,
        refusals,
        schemas.get(`${method} ${path}`),
        examples[`${method.toUpperCase()} ${route}`],
      );
    }
  const document: JsonObject = {
    openapi: "3.1.0",
    info: { title, description, version: API_VERSION, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/", "x-internal": !isPublic }],
    tags: tagsOf(paths, tags),
    paths,
    ...(sends && {
      webhooks: Object.fromEntries(
        Object.entries(sends).map(([name, sent]) => [name, sentOperation(name, sent)]),
      ),
    }),
    components: {
      schemas: { Problem: mendSchema(asJson(Problem)) },
      securitySchemes: schemesOf(access, isPublic),
      headers: LIMIT_HEADERS,
      responses: asJson(sorted(refusals.components)),
    },
  };
  return withComponents(
    document,
    namesOf(named, (schema) => mendSchema(asJson(schema))),
  );
}
