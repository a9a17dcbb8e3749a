// Arbitrary requests of one operation, by callers who may and who may not use it.
import fc, { type Arbitrary } from "fast-check";
import { HOSTILE_BODIES, HOSTILE_CURSORS, HOSTILE_NAMES, HOSTILE_TEXTS } from "./corpora.ts";
import type { Operation, Parameter } from "./operations.ts";
import { anyValue, brokenValue, type Known } from "./values.ts";

export interface RandomRequest {
  operation: Operation;
  /** Whose token it carries; see stage.ts. */
  caller: string;
  target: string;
  headers: Record<string, string>;
  body?: string;
}

/** Text that stays one path segment in a URL. */
const isSegment = (text: string) => text.isWellFormed() && !/^\.{0,2}$/.test(text);
/** What fetch sends as the value of a header. */
const asHeader = (text: string) => text.replace(/[^\x20-\x7e]/g, "?");

const hostileText = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.constantFrom(...HOSTILE_CURSORS));

const textFor = ({ schema }: Parameter, known: Known): Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: anyValue(schema, known).map(String) },
    { weight: 2, arbitrary: hostileText },
  );

type Pair = [name: string, value: string];

/** The parameters of one kind; the optional ones come half of the time. */
function pairsOf(operation: Operation, place: Parameter["in"], known: Known): Arbitrary<Pair[]> {
  const declared = operation.parameters.filter((parameter) => parameter.in === place);
  const pairs = declared.map((parameter) => {
    const pair = textFor(parameter, known).map((text): Pair => [parameter.name, text]);
    const share = parameter.required ? 9 : 1;
    return fc.oneof(
      { weight: share, arbitrary: pair.map((one) => [one]) },
      { weight: 1, arbitrary: fc.constant<Pair[]>([]) },
    );
  });
  return fc.tuple(...pairs).map((some) => some.flat());
}

/** Declared parameters, and sometimes one repeated, in brackets or unheard of. */
function queryOf(operation: Operation, known: Known): Arbitrary<string> {
  const extra = fc
    .tuple(fc.constantFrom(...HOSTILE_NAMES, ...namesOf(operation)), hostileText, fc.nat(2))
    .map(([name, text, kind]): Pair => [kind === 0 ? `${name}[$ne]` : kind === 1 ? `${name}[]` : name, text]);
  const extras = fc.oneof(
    { weight: 6, arbitrary: fc.constant<Pair[]>([]) },
    { weight: 1, arbitrary: extra.map((one) => [one]) },
  );
  return fc
    .tuple(pairsOf(operation, "query", known), extras)
    .map(([some, more]) => new URLSearchParams([...some, ...more]).toString());
}
const namesOf = ({ parameters }: Operation) => parameters.map(({ name }) => name);

function targetOf(operation: Operation, known: Known): Arbitrary<string> {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  const parts = names.map((name) => {
    const parameter = operation.parameters.find((one) => one.in === "path" && one.name === name);
    return textFor(parameter ?? { name, in: "path", required: true, schema: { type: "string" } }, known)
      .filter(isSegment)
      .map((text): Pair => [`{${name}}`, encodeURIComponent(text)]);
  });
  return fc
    .tuple(fc.tuple(...parts), queryOf(operation, known))
    .map(
      ([pairs, query]) =>
        pairs.reduce((path, [name, text]) => path.replace(name, () => text), operation.path) +
        (query === "" ? "" : `?${query}`),
    );
}

function bodyOf({ body }: Operation, known: Known): Arbitrary<string | undefined> {
  const odd = fc.constantFrom(...HOSTILE_BODIES);
  if (!body) return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: odd });
  return fc.oneof(
    { weight: 6, arbitrary: anyValue(body, known).map((value) => JSON.stringify(value)) },
    { weight: 5, arbitrary: brokenValue(body, known).map((value) => JSON.stringify(value) ?? "") },
    { weight: 1, arbitrary: odd },
  );
}

/** Requests of the operation. `callers` are its right ones, `others` all. */
export function anyRequest(
  operation: Operation,
  { callers, others, known }: { callers: string[]; others: string[]; known: Known },
): Arbitrary<RandomRequest> {
  const mayHaveBody = operation.method !== "GET";
  return fc
    .record({
      caller: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...callers) },
        { weight: 1, arbitrary: fc.constantFrom(...others) },
      ),
      target: targetOf(operation, known),
      headers: pairsOf(operation, "header", known),
      body: mayHaveBody ? bodyOf(operation, known) : fc.constant(undefined),
    })
    .map(({ caller, target, headers, body }) => ({
      operation,
      caller,
      target,
      headers: Object.fromEntries(headers.map(([name, text]) => [name, asHeader(text)])),
      ...(body !== undefined && { body }),
    }));
}
