// Makes every integration test a test of the OpenAPI document: an answer with a status that its operation does not
// document becomes a failure of the test that asked.
import { currentScope } from "../src/observe/request-scope.ts";

interface App {
  fetch: (request: Request) => Response | Promise<Response>;
}
interface Document {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

/** The same app, which answers 599 instead of an undocumented status. */
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
      if (!responses || response.status in responses) return response;
      const text = `${method} ${path} does not document ${response.status}: ${await response.text()}`;
      return new Response(text, { status: 599 });
    },
  };
}
