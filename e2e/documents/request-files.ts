// Runs .http files as httpYac does: variables, named responses and assertions, of which it knows what docs/http uses.
import { join } from "node:path";

export interface FileRequest {
  file: string;
  /** Of the step, over all files. */
  number: number;
  title: string;
  /** Of the variable with its response. */
  name?: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Such as `status == 201` or `js order.status == pending`. */
  assertions: string[];
}

interface RequestFile {
  variables: Record<string, unknown>;
  requests: FileRequest[];
}

const REQUEST = /^(GET|POST|PUT|PATCH|DELETE) (\S+)$/m;

function requestIn(file: string, text: string): FileRequest {
  const [heading = ""] = text.split("\n");
  const [, number, title = ""] = /^(\d+)\. (.+)$/.exec(heading) ?? [];
  const [line, method, url] = REQUEST.exec(text) ?? [];
  if (!number || !line || !method || !url) throw new Error(`${file}: no numbered request in ${text}`);
  const name = /^# @name (\w+)$/m.exec(text)?.[1];
  const [head = "", ...rest] = text.slice(text.indexOf(line) + line.length + 1).split("\n\n");
  const isAssertion = (part: string) => part.startsWith("?? ");
  const lines = rest.flatMap((part) => (isAssertion(part) ? part.trim().split("\n") : []));
  const body = rest.find((part) => part.trim() && !isAssertion(part));
  return {
    ...{ file, number: Number(number), title, ...(name && { name }), method, url },
    headers: Object.fromEntries(
      [...head.matchAll(/^([\w-]+): (.+)$/gm)].map(([, key, value]) => [key, value]),
    ),
    ...(body !== undefined && { body }),
    assertions: lines.map((assertion) => assertion.slice(3)),
  };
}

export async function readRequestFile(folder: string, file: string): Promise<RequestFile> {
  const [head = "", ...parts] = (await Bun.file(join(folder, file)).text()).split(/^### /m);
  const variables = Object.fromEntries(
    [...head.matchAll(/^@(\w+) = (.+)$/gm)].map(([, name, value]) => [name, value]),
  );
  return { variables, requests: parts.map((part) => requestIn(file, part)) };
}

/** The value at a path such as `order.items[0].dishId`. */
function valueAt(variables: Record<string, unknown>, path: string): unknown {
  return path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], variables);
}

/** With the values of the variables. `{{$input …}}` gets what a person would type. Throws for an unknown one. */
function filled(text: string, variables: Record<string, unknown>, input: string): string {
  return text.replaceAll(/\{\{(.+?)\}\}/g, (_, path: string) => {
    const value = path.startsWith("$input ") ? input : valueAt(variables, path);
    if (value === undefined) throw new Error(`No value for {{${path}}}`);
    return String(value);
  });
}

/** Sends it, keeps its response as a variable, and returns the assertions that do not hold. */
export async function sendRequest(
  request: FileRequest,
  variables: Record<string, unknown>,
  input = "",
): Promise<string[]> {
  const fill = (text: string) => filled(text, variables, input);
  const response = await fetch(fill(request.url), {
    method: request.method,
    headers: Object.entries(request.headers).map(([name, value]): [string, string] => [name, fill(value)]),
    ...(request.body !== undefined && { body: fill(request.body) }),
  });
  const text = await response.text();
  if (request.name && text) variables[request.name] = JSON.parse(text);
  return request.assertions.flatMap((assertion) => {
    const [, subject = "", expected = ""] = /^(\S+|js \S+) == (\S+)$/.exec(assertion) ?? [];
    const value = subject === "status" ? response.status : valueAt(variables, subject.replace(/^js /, ""));
    return String(value) === expected
      ? []
      : [`${request.file} ${request.number}: ${assertion}, not ${value}: ${text}`];
  });
}
