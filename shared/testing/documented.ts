// Makes every integration test a test of the OpenAPI document: an answer with a status or a problem code that its operation
// does not document becomes a failure of the test that asked.
import { currentScope } from "../src/observe/request-scope.ts";

interface App {
  fetch: (request: Request) => Response | Promise<Response>;
}
interface Document {
  paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
}

/** What is not documented of the answer; undefined when all is. */
async function undocumented(response: Response, declared: { description: string } | undefined) {
  if (!declared) return String(response.status);
  if (response.headers.get("content-type") !== "application/problem+json") return undefined;
  const { code } = (await response.clone().json()) as { code: string };
  return declared.description.includes(`\`${code}\``) ? undefined : `${response.status} ${code}`;
}

/** The same app, which answers 599 instead of what is not documented. */
export function documented(app: App): App {
  let document: Document | undefined;
  const read = async () =>
    (await (await app.fetch(new Request("http://localhost/swagger/json"))).json()) as Document;
  return {
    async fetch(request) {
      const { method } = request;
      const response = await app.fetch(request);
      const path = currentScope()?.route?.replace(/:(\w+)/g, "{$1}") ?? "";
      document ??= await read();
      const responses = document.paths[path]?.[method.toLowerCase()]?.responses;
      const found = responses && (await undocumented(response, responses[response.status]));
      if (found === undefined) return response;
      const text = `${method} ${path} does not document ${found}: ${await response.text()}`;
      return new Response(text, { status: 599 });
    },
  };
}
