// Makes every integration test a test of the OpenAPI document: an answer with a status or a problem code that its operation
// does not document becomes a failure of the test that asked.
import { currentScope, outsideRequests } from "../src/observe/request-scope.ts";
import { scatterIn } from "./scattered.ts";

interface App {
  fetch: (request: Request) => Response | Promise<Response>;
}
interface Answer {
  description: string;
}
interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
  components: { responses: Record<string, Answer> };
}

const SHARED = "#/components/responses/";
/** The same with each reference to a shared answer replaced by that answer. */
export function withAnswers<D extends object>(document: D): D {
  const { responses = {} } = (document as { components: { responses?: Record<string, object> } }).components;
  const text = JSON.stringify(document, (_, value) =>
    typeof value?.$ref === "string" && value.$ref.startsWith(SHARED)
      ? responses[value.$ref.slice(SHARED.length)]
      : value,
  );
  return JSON.parse(text);
}

/** What is not documented of the answer; undefined when all is. */
async function undocumented(response: Response, declared: { description: string } | undefined) {
  if (!declared) return String(response.status);
  if (response.headers.get("content-type") !== "application/problem+json") return undefined;
  const { code } = (await response.clone().json()) as { code: string };
  return declared.description.includes(`\`${code}\``) ? undefined : `${response.status} ${code}`;
}

/** The same app, which answers 599 instead of what is not documented, or asks every shard. */
export function documented(app: App): App {
  let document: Document | undefined;
  // Outside the request, whose route and spans it would take.
  const read = outsideRequests(async () => {
    const response = await app.fetch(new Request("http://localhost/swagger/json"));
    return withAnswers((await response.json()) as Document);
  });
  return {
    async fetch(request) {
      const { method } = request;
      const response = await app.fetch(request);
      const scattered = scatterIn(currentScope());
      if (scattered) return new Response(`${method} asks every shard for ${scattered}`, { status: 599 });
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
