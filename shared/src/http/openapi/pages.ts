// The pages of a service: `/` says what it is, and `/swagger` is Swagger UI from files in the binary, without external
// requests.
import { type AnyElysia, Elysia } from "elysia";
import style from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import script from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import errors from "../../../../docs/errors.md" with { type: "text" };
import { type AccessTable, requireRows } from "../../auth/access.ts";
import { currentScope } from "../../observe/request-scope.ts";
import { regionField } from "../../values/region.ts";
import { nothingHere } from "../app.ts";
import { ERRORS_PATH } from "../problem.ts";
import { type Bytes, compressed } from "./compressed.ts";
import { API_VERSION, type ApiInfo, openapiDocument } from "./document.ts";

const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const KEEP = "public, max-age=86400";

const head = (title: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
`;

const hintOf = (text: string) =>
  text && `<p style="font: 1rem/1.5 system-ui, sans-serif; text-align: center">${Bun.escapeHTML(text)}</p>\n`;

const swaggerPage = (
  title: string,
  hint: string,
) => `${head(title)}<link rel="stylesheet" href="/swagger/swagger-ui.css">
${hintOf(hint)}<div id="swagger-ui"></div>
<script src="/swagger/swagger-ui-bundle.js"></script>
<script src="/swagger/start.js"></script>
</html>
`;
/** Tokens end with the tab: another user of the browser finds none. */
const START = `SwaggerUIBundle({ url: "/swagger/json", dom_id: "#swagger-ui", deepLinking: true, persistAuthorization: false });\n`;

const LINKS = { swagger: "/swagger", openapi: "/swagger/json", yaml: "/swagger/yaml", errors: ERRORS_PATH };

const textHead = (title: string) => `${head(title)}<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
:target { background: Mark; color: MarkText }
</style>
`;

/** docs/errors.md. Each heading is a target of a problem's `type`. */
const errorsPage = async () =>
  Buffer.from(`${textHead("Errors")}${Bun.markdown
    .html(errors)
    .replaceAll(
      /<h2>(.*?)<\/h2>/g,
      (_, code: string) => `<h2 id="${code.toLowerCase()}">${code}</h2>`,
    )}</html>
`);

const SWAGGER_LINKS = `<li><a href="${LINKS.swagger}">Swagger</a>: every operation, to read and to try
<li><a href="${LINKS.openapi}">OpenAPI document</a>, also <a href="${LINKS.yaml}">as YAML</a>
`;

const frontPage = (
  { title, description }: ApiInfo,
  showsSwagger: boolean,
) => `${textHead(title)}<h1>${title}</h1>
<p>${description}</p>
<ul>
${showsSwagger ? SWAGGER_LINKS : ""}<li><a href="${LINKS.errors}">Errors</a>: the codes of refusals, each with its cause and remedy
</ul>
<p>Version ${API_VERSION}</p>
</html>
`;

const asset = (body: string | Bytes, contentType: string, cacheControl = KEEP, encoding?: string) =>
  new Response(body, {
    headers: {
      "content-type": contentType,
      "cache-control": cacheControl,
      vary: "Accept-Encoding",
      ...(encoding && { "content-encoding": encoding }),
      "content-security-policy": PAGE_POLICY,
      "x-frame-options": "DENY",
    },
  });

function compressedAsset(read: () => Promise<Bytes>, contentType: string, cacheControl?: string) {
  const find = compressed(read);
  return async ({ request }: { request: Request }) => {
    const { body, encoding } = await find(request);
    return asset(body, contentType, cacheControl, encoding);
  };
}
const fileAsset = (path: string, contentType: string) =>
  compressedAsset(() => Bun.file(path).bytes(), contentType);
const HTML = "text/html; charset=utf-8";

const WRITE = {
  json: (document: object) => JSON.stringify(document),
  yaml: (document: object) => Bun.YAML.stringify(document, null, 2),
};

/** A browser asks for HTML. Everything else gets JSON. */
const wantsPage = (request: Request) => request.headers.get("accept")?.includes("text/html") ?? false;

export interface SwaggerOptions {
  isShown: boolean;
  /** A line above Swagger. */
  hint: string;
}

/** Adds the pages, and checks that the access table has exactly the app's routes. Mount it last: it documents the routes
 * before it. Unless `swagger.isShown` there is only `/` and the errors. */
export function withPages<A extends AnyElysia>(
  app: A,
  info: ApiInfo,
  access: AccessTable,
  swagger: SwaggerOptions,
): A {
  /** Who comes through a proxy cannot call internal routes, and does not read about them. */
  function documentAs(format: keyof typeof WRITE, contentType: string) {
    const documentFor = (isPublic: boolean) =>
      compressedAsset(
        async () => Buffer.from(WRITE[format](openapiDocument(app, info, access, isPublic))),
        contentType,
        "no-cache",
      );
    const [full, outside] = [documentFor(false), documentFor(true)];
    return (context: { request: Request }) =>
      (currentScope()?.isFromOutside === true ? outside : full)(context);
  }
  const hide = { detail: { hide: true } };
  app.use(
    new Elysia({ name: "pages" })
      .onBeforeHandle(({ path }) => {
        if (!swagger.isShown && path !== "/" && path !== ERRORS_PATH) throw nothingHere();
      })
      .get(
        "/",
        ({ request }) =>
          wantsPage(request)
            ? asset(frontPage(info, swagger.isShown), HTML, "no-cache")
            : Response.json(
                {
                  name: info.title,
                  version: API_VERSION,
                  ...regionField(),
                  links: swagger.isShown ? LINKS : { errors: LINKS.errors },
                },
                { headers: { vary: "Accept" } },
              ),
        hide,
      )
      .get("/swagger", () => asset(swaggerPage(info.title, swagger.hint), HTML, "no-cache"), hide)
      .get("/swagger/start.js", () => asset(START, "text/javascript"), hide)
      .get("/swagger/swagger-ui-bundle.js", fileAsset(script, "text/javascript"), hide)
      .get("/swagger/swagger-ui.css", fileAsset(style, "text/css"), hide)
      .get(ERRORS_PATH, compressedAsset(errorsPage, HTML), hide)
      .get("/swagger/json", documentAs("json", "application/json"), hide)
      .get("/swagger/yaml", documentAs("yaml", "application/yaml"), hide),
  );
  requireRows(access, app.routes);
  return app;
}
