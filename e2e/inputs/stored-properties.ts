// Sends every property that a service stores to every operation that does not declare it (OWASP API3, mass assignment).
import fc from "fast-check";
import { type Document, MongoClient } from "mongodb";
import type { Operation } from "./operations.ts";
import { send } from "./play.ts";
import type { Stage } from "./stage.ts";
import { anyValue } from "./values.ts";

/** The names of all fields of all documents, at any depth. */
export async function storedNames(mongoUrl: string): Promise<string[]> {
  const client = new MongoClient(mongoUrl);
  const names = new Set<string>();
  const gather = (value: unknown) => {
    if (Array.isArray(value)) return value.forEach(gather);
    if (typeof value !== "object" || value === null || value.constructor !== Object) return;
    for (const [name, inner] of Object.entries(value)) {
      names.add(name);
      gather(inner);
    }
  };
  try {
    for (const { collectionName } of await client.db().collections())
      gather(await client.db().collection<Document>(collectionName).find().limit(50).toArray());
  } finally {
    await client.close();
  }
  return [...names];
}

/** The paths of the objects within a value. */
function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Record<string, unknown>, ...inner];
}

/** One line for each property that was not refused with 422. Needs a body that is valid otherwise. */
export async function acceptedProperties(
  baseUrl: string,
  operation: Operation,
  stage: Stage,
  names: string[],
  seed: number,
): Promise<string[]> {
  const { body: schema } = operation;
  if (!schema) return [];
  const accepted: string[] = [];
  const [caller = "nobody"] = stage.callersOf(operation);
  const bodies = fc.sample(anyValue(schema, stage.known), { numRuns: names.length, seed });
  const target = targetOf(operation, stage);
  const headers = Object.fromEntries(
    operation.parameters.filter((one) => one.in === "header").map(({ name }) => [name, crypto.randomUUID()]),
  );
  for (const [i, name] of names.entries()) {
    const body = structuredClone(bodies[i]);
    const objects = objectsIn(body);
    const into = objects[i % objects.length];
    if (!into || name in into || isDeclared(schema, name)) continue;
    into[name] = "injected";
    const answer = await send(baseUrl, stage, {
      operation,
      caller,
      target,
      headers,
      body: JSON.stringify(body),
    });
    if (answer.status !== 422 || answer.text.includes('"injected"'))
      accepted.push(`${operation.method} ${target} ${name}: ${answer.status} ${answer.text}`.slice(0, 300));
  }
  return accepted;
}

function targetOf({ path, parameters }: Operation, { known }: Stage): string {
  return path.replace(/\{(\w+)\}/g, (_, name) => {
    const schema = parameters.find((one) => one.in === "path" && one.name === name)?.schema ?? {};
    const [value = "x"] = fc.sample(anyValue(schema, known), { numRuns: 1, seed: 1 });
    return encodeURIComponent(String(value));
  });
}

/** Whether some object within the schema has this property. */
const isDeclared = (schema: unknown, name: string): boolean =>
  typeof schema === "object" &&
  schema !== null &&
  (("properties" in schema && name in (schema.properties as object)) ||
    Object.values(schema).some((inner) => isDeclared(inner, name)));
