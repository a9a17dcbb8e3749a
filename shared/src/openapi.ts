// The OpenAPI document comes from the routes' own schemas. The generator leaves a few things that no validator
// takes; `mended` puts them right. The page is Swagger UI from files inside the binary: nothing is fetched.
import { toOpenAPISchema } from "@elysiajs/openapi";
import { type AnyElysia, Elysia } from "elysia";
import style from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import script from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;
type JsonObject = { [key: string]: Json };
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export interface ApiInfo {
  title: string;
  description: string;
}

const METHODS = ["get", "put", "post", "patch", "delete"];
const NUMERIC = new Set(["integer", "number", "boolean"]);

/** `t.Integer` in a query is `string | integer` inside; on the wire it is an integer. */
function withoutCoercion(schema: JsonObject): JsonObject {
  const options = schema.anyOf;
  if (!Array.isArray(options) || options.length !== 2) return schema;
  const numeric = options.find((option) => isObject(option) && NUMERIC.has(String(option.type)));
  const text = options.find((option) => isObject(option) && option.type === "string" && option.format);
  if (!isObject(numeric) || !isObject(text)) return schema;
  const { anyOf: _, ...rest } = schema;
  return { ...rest, ...numeric };
}

/** TypeBox writes unions of literals as `anyOf` of `const`; a client generator wants an `enum`. */
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

function mendSchema(value: Json): Json {
  if (Array.isArray(value)) return value.map(mendSchema);
  if (!isObject(value)) return value;
  const { $id: _, expects: __, ...rest } = value;
  const mended = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, mendSchema(inner)]));
  return asEnum(withoutCoercion(mended));
}

function mendResponses(responses: JsonObject): void {
  for (const [status, response] of Object.entries(responses)) {
    if (!isObject(response)) continue;
    response.description = STATUS_WORDS[status] ?? "";
    if (status === "204" || status === "304") delete response.content;
    else if (Number(status) >= 400 && isObject(response.content)) {
      const [media] = Object.values(response.content);
      response.content = { "application/problem+json": media ?? {} };
    }
  }
}

const STATUS_WORDS: Record<string, string> = {
  "200": "OK",
  "201": "Created",
  "204": "Done",
  "304": "What the client has is still right",
  "400": "Malformed",
  "401": "No valid access token",
  "403": "For another role",
  "404": "Not there, or somebody else's",
  "409": "Not possible in the current state",
  "412": "Changed meanwhile",
  "422": "Refused by a rule",
  "429": "Too many tries",
  "503": "A dependency is away",
};

const operationId = (method: string, path: string) =>
  `${method} ${path}`
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word && word !== "v1")
    .map((word, i) => (i === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");

function mendOperation(method: string, path: string, operation: JsonObject): void {
  operation.operationId = operationId(method, path);
  const body = operation.requestBody;
  if (isObject(body) && isObject(body.content))
    body.content = { "application/json": body.content["application/json"] ?? {} };
  if (Array.isArray(operation.parameters))
    for (const parameter of operation.parameters)
      if (isObject(parameter) && isObject(parameter.schema) && "default" in parameter.schema)
        parameter.required = false;
  if (isObject(operation.responses)) mendResponses(operation.responses);
}

/** The valid OpenAPI 3.1 document of a service's public and internal routes. */
export function openapiDocument(app: AnyElysia, { title, description }: ApiInfo): JsonObject {
  const generated = mendSchema(
    JSON.parse(
      JSON.stringify(
        toOpenAPISchema(app, { paths: [/^\/swagger/, "/metrics"] }, undefined, undefined, "3.1.0"),
      ),
    ),
  ) as JsonObject;
  const paths = generated.paths as JsonObject;
  for (const [path, item] of Object.entries(paths))
    for (const method of METHODS) {
      const operation = isObject(item) ? item[method] : undefined;
      if (isObject(operation)) mendOperation(method, path, operation);
    }
  return {
    openapi: "3.1.0",
    info: { title, description, version: "1.0.0", license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: {},
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "From POST /v1/sessions",
        },
        service: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A service's own token",
        },
      },
    },
  };
}

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'";
const KEEP = "public, max-age=86400";

const page = (title: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/swagger/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="/swagger/swagger-ui-bundle.js"></script>
<script src="/swagger/start.js"></script>
</html>
`;
const START = `SwaggerUIBundle({ url: "/swagger/json", dom_id: "#swagger-ui", deepLinking: true, persistAuthorization: true });\n`;

const asset = (body: string | Blob, contentType: string, cacheControl = KEEP) =>
  new Response(body, {
    headers: {
      "content-type": contentType,
      "cache-control": cacheControl,
      "content-security-policy": PAGE_POLICY,
    },
  });

/** `/swagger` for people and `/swagger/json` for programs. Mount it last: it documents the routes before it. */
export function withSwagger<A extends AnyElysia>(app: A, info: ApiInfo): A {
  let document: string | undefined;
  const hide = { detail: { hide: true } };
  app.use(
    new Elysia({ name: "swagger" })
      .get("/swagger", () => asset(page(info.title), "text/html; charset=utf-8", "no-cache"), hide)
      .get("/swagger/start.js", () => asset(START, "text/javascript"), hide)
      .get("/swagger/swagger-ui-bundle.js", () => asset(Bun.file(script), "text/javascript"), hide)
      .get("/swagger/swagger-ui.css", () => asset(Bun.file(style), "text/css"), hide)
      .get(
        "/swagger/json",
        () => {
          document ??= JSON.stringify(openapiDocument(app, info));
          return asset(document, "application/json", "no-cache");
        },
        hide,
      ),
  );
  return app;
}
