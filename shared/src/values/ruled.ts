// Strings with a rule that JSON Schema cannot express, and the same schemas without those rules.
import { Kind, type SchemaOptions, type TSchema, Type, TypeRegistry } from "@sinclair/typebox";

interface Rule extends SchemaOptions {
  /** The rule in words, for the error message. Not in the OpenAPI document. */
  expects: string;
  check: (text: string) => boolean;
}

const RULED = "Ruled";
TypeRegistry.Set<TSchema & Rule>(RULED, ({ check }, value) => typeof value === "string" && check(value));

/** A string that is valid when `check` returns true. The other options only document it. */
export const ruled = (rule: Rule) => Type.Unsafe<string>({ ...rule, [Kind]: RULED, type: "string" });

const isRuled = (value: object): value is TSchema & Rule => Kind in value && value[Kind] === RULED;

function withoutRules(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRules);
  if (typeof value !== "object" || value === null) return value;
  if (isRuled(value)) {
    const { expects: _, check: __, pattern: ___, minLength: ____, maxLength: _____, ...rest } = value;
    return { ...rest, [Kind]: "String" };
  }
  const inner = value as Record<string | symbol, unknown>;
  return Object.fromEntries(Reflect.ownKeys(value).map((key) => [key, withoutRules(inner[key])]));
}

/** The same schema for responses: a value that was accepted under an older rule stays valid. */
export const stored = <S extends TSchema>(schema: S): S => withoutRules(schema) as S;

/** Whether any part of the schema has a rule. */
export const hasRules = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (isRuled(value) || Object.values(value).some((inner) => hasRules(inner)));
