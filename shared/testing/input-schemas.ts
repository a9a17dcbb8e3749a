// Tests of the schemas of every service's input: nothing unknown gets in, everything has a limit, and no pattern is slow.
import { describe, expect, test } from "bun:test";
import { FormatRegistry, type TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { hasRules } from "../src/values/ruled.ts";
import { cpuMsOf } from "./tools.ts";

type Part = Record<string, unknown>;
const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null;

export interface InputRoute {
  method: string;
  path: string;
  hooks: { query?: object; body?: object; params?: object; headers?: object; response?: object };
}

/** Every schema within this one, with its place. */
function schemasIn(value: unknown, path = ""): [path: string, schema: Part][] {
  if (!isPart(value)) return [];
  const inner = Object.entries(value).flatMap(([name, part]) => schemasIn(part, `${path}/${name}`));
  return typeof value.type === "string" ? [[path, value], ...inner] : inner;
}

/** Objects with named fields that accept others too. */
const open = ({ type, properties, additionalProperties }: Part) =>
  type === "object" && properties !== undefined && additionalProperties !== false;

/** Lists and free texts of any length, and numbers of any size. */
function isUnbounded(schema: Part): boolean {
  if (schema.type === "integer" || schema.type === "number")
    return schema.minimum === undefined || schema.maximum === undefined;
  if (schema.type === "array") return schema.maxItems === undefined;
  if (schema.type !== "string") return false;
  const { maxLength, const: fixed, format, pattern } = schema;
  return maxLength === undefined && fixed === undefined && format === undefined && !hasFixedLength(pattern);
}
const hasFixedLength = (pattern: unknown) => typeof pattern === "string" && !/[*+]|\{\d+,\}/.test(pattern);

/** Texts that make a pattern with nested or overlapping repetitions try every way to divide them. */
const ATTACKS = ["a", "0", " ", "+", "(", "-", ".", "/", "A", "\u00e9", "0 ", "a.", "a@", "00:", "-0", "\\"];
const ENDINGS = ["\u0000", "!", "\n", "@"];
/** An exponential pattern already takes long for a short text. */
const SHORT = 26;
const SIZES = [2_000, 16_000] as const;
/** The time of a linear pattern grows by 8, of a quadratic one by 64. */
const GROWTH_MAX = 24;
/** Below this, a time is noise. */
const MEASURABLE_MS = 2;

type Test = (text: string) => boolean;

const bestMs = (test: Test, text: string): number =>
  Math.min(...Array.from({ length: 3 }, () => cpuMsOf(() => test(text))));

function seemsSlow(test: Test, unit: string, ending: string): boolean {
  const msFor = (size: number) => bestMs(test, unit.repeat(Math.ceil(size / unit.length)) + ending);
  if (msFor(SHORT) > MEASURABLE_MS) return true;
  const [shortMs, longMs] = [msFor(SIZES[0]), msFor(SIZES[1])];
  return longMs > MEASURABLE_MS && longMs > GROWTH_MAX * shortMs;
}

/** Measured again, because a compiler or a garbage collection may have run at the same time. */
const isSlow: typeof seemsSlow = (...attack) => [1, 2, 3].every(() => seemsSlow(...attack));

/** The attacks whose time grows faster than their length. */
export const slowAttacks = (test: Test): string[] =>
  ATTACKS.filter((unit) => ENDINGS.some((ending) => isSlow(test, unit, ending)));

/** The patterns and formats of texts, as the validator runs them. */
function testsOf(inputs: InputRoute["hooks"][]): Map<string, Test> {
  const schemas = inputs.flatMap(({ body, query, params, headers }) =>
    schemasIn([body, query, params, headers]).map(([, schema]) => schema),
  );
  const tests = new Map<string, Test>();
  for (const { pattern, format, expects, check: rule } of schemas) {
    if (typeof rule === "function") tests.set(String(expects), rule as Test);
    if (typeof pattern === "string") {
      const compiled = new RegExp(pattern, "u");
      tests.set(pattern, (text) => compiled.test(text));
    }
    const check = typeof format === "string" ? FormatRegistry.Get(format) : undefined;
    if (check) tests.set(`format ${format}`, check);
  }
  return tests;
}

/** Strings that need no rule: they are only looked up or compared, or are checked elsewhere. */
const OPAQUE = /\/(cursor|refreshToken|password|currentPassword|timeZone)$/;

/** The string fields of a schema without a rule, pattern, format or list of values. */
function unruledStrings(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { type, pattern, format, const: fixed } = value as Record<string, unknown>;
  if (hasRules(value) && type === "string") return [];
  if (type === "string") return pattern || format || fixed !== undefined || OPAQUE.test(path) ? [] : [path];
  return Object.entries(value).flatMap(([name, inner]) => unruledStrings(inner, `${path}/${name}`));
}

function describeText(routes: InputRoute[]): void {
  const named = routes.map((route): [string, InputRoute] => [`${route.method} ${route.path}`, route]);

  describe.each(named)("%s", (_, { path, hooks }) => {
    test("has a rule for every text in its input", () => {
      // Internal routes get text that was validated before.
      if (!path.startsWith("/internal/")) expect(unruledStrings([hooks.body, hooks.query])).toEqual([]);
    });

    test("has only examples of its body that are valid", () => {
      const { examples = [] } = (hooks.body ?? {}) as { examples?: unknown[] };
      for (const example of examples) expect(Value.Check(hooks.body as TSchema, example)).toBe(true);
    });

    test("has no rules for text in its responses, which may be stored under older rules", () => {
      expect(hasRules(hooks.response)).toBe(false);
    });
  });
}

export function describeInputs(routes: InputRoute[]): void {
  describeText(routes);
  const inputs = routes.map(({ method, path, hooks }): [string, InputRoute["hooks"]] => [
    `${method} ${path}`,
    hooks,
  ]);

  describe.each(inputs)("%s", (route, { body, query }) => {
    test("accepts no unknown field at any depth", () => {
      expect(schemasIn(body).flatMap(([path, schema]) => (open(schema) ? [path] : []))).toEqual([]);
    });

    test("has a limit for every text, list and number of its input", () => {
      // Internal routes get text that was validated before, and the body has a limit.
      if (route.includes(" /internal/")) return;
      const found = schemasIn([body, query]).flatMap(([path, schema]) => (isUnbounded(schema) ? [path] : []));
      expect(found).toEqual([]);
    });
  });

  describe("a pattern for input", () => {
    test.each([...testsOf(routes.map(({ hooks }) => hooks))])(
      "takes time in proportion to the text: %s",
      (_, check) => {
        expect(slowAttacks(check)).toEqual([]);
      },
    );

    test("is found slow when its repetitions overlap", () => {
      for (const slow of [/^(a+)+$/, /^a*a*$/, /^(a|a)*$/])
        expect(slowAttacks((text) => slow.test(text))).toContain("a");
    });
  });
}
