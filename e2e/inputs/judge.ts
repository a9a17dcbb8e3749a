// What is wrong with the answer to a request, by the service's own document.
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import { POLLUTED } from "./corpora.ts";
import type { Operation, Schema } from "./operations.ts";
import type { RandomRequest } from "./requests.ts";

export interface SeenAnswer {
  status: number;
  media: string;
  text: string;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const checks = new WeakMap<Schema, ValidateFunction>();
function checkOf(schema: Schema): ValidateFunction {
  const check = checks.get(schema) ?? ajv.compile(schema);
  checks.set(schema, check);
  return check;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function shapeFault({ answers }: Operation, { status, media, text }: SeenAnswer): string | undefined {
  const declared = answers[status] ?? {};
  if (Object.keys(declared).length === 0)
    return text === "" ? undefined : "has a body where none is documented";
  const schema = declared[media];
  if (!schema) return `is ${media || "of no type"}, not ${Object.keys(declared).join(" or ")}`;
  if (!media.includes("json")) return undefined;
  const check = checkOf(schema);
  if (check(parsed(text))) return undefined;
  const [error] = check.errors ?? [];
  return `breaks its schema: ${error?.instancePath} ${error?.message}`;
}

/** Undefined when the answer keeps to the document. */
export function faultIn({ operation, body }: RandomRequest, answer: SeenAnswer): string | undefined {
  const { status, text } = answer;
  if (status >= 500) return `${status}: ${text}`;
  if (!(status in operation.answers)) return `${status} is not documented: ${text}`;
  if (text.includes(`"${POLLUTED}"`)) return "carries a property that a request put on a prototype";
  const shape = shapeFault(operation, answer);
  if (shape) return `${status} ${shape}: ${text}`;
  const isAccepted = status < 300 && operation.body && body !== undefined && body !== "";
  if (isAccepted && operation.body && !checkOf(operation.body)(parsed(body)))
    return `${status} for a body that the document refuses`;
  return undefined;
}
