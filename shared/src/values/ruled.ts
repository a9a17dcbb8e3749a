// Strings under a rule that JSON Schema cannot say, and the same shape without the rules.
import { Kind, type SchemaOptions, type TSchema, Type, TypeRegistry } from "@sinclair/typebox";

interface Rule extends SchemaOptions {
  /** In words, for those whose value is refused. Not in the document. */
  expects: string;
  check: (text: string) => boolean;
}

const RULED = "Ruled";
TypeRegistry.Set<TSchema & Rule>(RULED, ({ check }, value) => typeof value === "string" && check(value));

/** A string that `check` decides about; the other options only document it. */
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

/** The schema of answers: what was taken in under an older rule is still shown and still passed on. */
export const stored = <S extends TSchema>(schema: S): S => withoutRules(schema) as S;

/** Whether a rule is left anywhere in a schema. */
export const hasRules = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (isRuled(value) || Object.values(value).some((inner) => hasRules(inner)));
