// Arbitrary values for a JSON Schema: valid ones, and valid ones with one part broken.
import fc, { type Arbitrary } from "fast-check";
import { HOSTILE_NAMES, HOSTILE_VALUES } from "./corpora.ts";
import type { Schema } from "./operations.ts";

const LIST_MAX = 4;
const TEXT_MAX = 60;

/** Values that exist on the platform, so that requests reach stored documents. */
export type Known = readonly string[];

const characters = (text: string) => [...text].length;

function matching(pattern: RegExp): Arbitrary<string>[] {
  try {
    return [fc.stringMatching(pattern)];
  } catch {
    // Look-ahead is beyond the generator. The schema's examples stand in.
    return [];
  }
}

function anyText(schema: Schema, known: Known): Arbitrary<unknown> {
  const { minLength = 0, maxLength = TEXT_MAX, format, examples = [] } = schema;
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, "u");
  const fits = (text: string) =>
    characters(text) >= minLength && characters(text) <= maxLength && (pattern?.test(text) ?? true);
  const stored = format ? [] : known.filter(fits);
  const options: Arbitrary<unknown>[] = [
    ...(stored.length > 0 ? Array.from({ length: 4 }, () => fc.constantFrom(...stored)) : []),
    ...(examples.length > 0 ? [fc.constantFrom(...examples), fc.constantFrom(...examples)] : []),
    ...(format === "email" ? [fc.emailAddress()] : []),
    ...(format === "date-time" ? [fc.date({ noInvalidDate: true }).map((date) => date.toISOString())] : []),
  ];
  if (!format) {
    const unit = fc.constantFrom("grapheme" as const, "binary" as const);
    const sizes = { minLength, maxLength: Math.min(maxLength, Math.max(minLength, TEXT_MAX)) };
    options.push(
      ...(pattern ? matching(pattern) : [unit.chain((kind) => fc.string({ ...sizes, unit: kind }))]),
    );
  }
  return options.length > 0 ? fc.oneof(...options) : fc.string();
}

function anyNumber({ type, minimum = -1e6, maximum = 1e6 }: Schema): Arbitrary<unknown> {
  const edges = fc.constantFrom(minimum, maximum);
  return type === "integer"
    ? fc.oneof(edges, fc.integer({ min: Math.ceil(minimum), max: Math.floor(maximum) }))
    : fc.oneof(edges, fc.double({ min: minimum, max: maximum, noNaN: true, noDefaultInfinity: true }));
}

function anyObject({ properties = {}, required = [], patternProperties }: Schema, known: Known) {
  const parts = Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, anyValue(inner, known)]),
  );
  const declared = fc.record(parts, { requiredKeys: required });
  const [entry] = Object.entries(patternProperties ?? {});
  if (!entry) return declared;
  const keys = anyText({ pattern: entry[0] }, known) as Arbitrary<string>;
  return fc.dictionary(keys, anyValue(entry[1], known), { maxKeys: LIST_MAX });
}

/** A value that the schema allows, as far as JSON Schema says so. */
export function anyValue(schema: Schema, known: Known): Arbitrary<unknown> {
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((option) => anyValue(option, known)));
  switch (schema.type) {
    case "string":
      return anyText(schema, known);
    case "integer":
    case "number":
      return anyNumber(schema);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array": {
      const { minItems = 0, maxItems = LIST_MAX, items = {} } = schema;
      const most = Math.max(minItems, Math.min(maxItems, LIST_MAX));
      return fc.array(anyValue(items, known), { minLength: minItems, maxLength: most });
    }
    default:
      return anyObject(schema, known);
  }
}

type Path = (string | number)[];

function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((item, i) => placesIn(item, [...path, i]))
    : Object.entries(value).flatMap(([name, item]) => placesIn(item, [...path, name]));
  return [path, ...inner];
}

/** An own property, also when it is called `__proto__`. */
const own = (entries: [string, unknown][]) => JSON.parse(`{${entries.map(asProperty).join(",")}}`);
const asProperty = ([name, value]: [string, unknown]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;

/** The value with `change` made to the part at `path`. Undefined removes it. */
function changed(value: unknown, [step, ...rest]: Path, change: (part: unknown) => unknown): unknown {
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value
      .map((item, i) => (i === step ? changed(item, rest, change) : item))
      .filter((item) => item !== undefined);
  const entries = Object.entries(value as object).map(([name, inner]): [string, unknown] => [
    name,
    name === step ? changed(inner, rest, change) : inner,
  ]);
  return own(entries.filter(([, inner]) => inner !== undefined));
}

const withProperty = (part: unknown, name: string, value: unknown): unknown =>
  typeof part === "object" && part !== null && !Array.isArray(part)
    ? own([...Object.entries(part), [name, value]])
    : { [name]: part };

/** A valid value with one part replaced, removed, doubled or added. */
export const brokenValue = (schema: Schema, known: Known): Arbitrary<unknown> =>
  fc
    .record({
      value: anyValue(schema, known),
      at: fc.nat(),
      kind: fc.constantFrom("replace", "replace", "remove", "double", "add"),
      name: fc.constantFrom(...HOSTILE_NAMES),
      hostile: fc.constantFrom(...HOSTILE_VALUES),
    })
    .map(({ value, at, kind, name, hostile }) => {
      const places = placesIn(value);
      const place = places[at % places.length] ?? [];
      return changed(value, place, (part) => {
        if (kind === "remove") return undefined;
        if (kind === "double") return [part, part];
        return kind === "add" ? withProperty(part, name, hostile) : hostile;
      });
    });
