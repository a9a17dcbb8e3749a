// Writes docs/openapi/public.yaml, the public API as one document, from those of the four services. Part of `bun run docs`.
// A path occurs once in a document, and several services have the same paths, so each begins with the name of its service.
import { join } from "node:path";
import { type Json, type JsonObject, sorted } from "@food/shared/http/openapi/schemas";
import { type ServiceName, services } from "../services.ts";

interface Operation extends JsonObject {
  operationId: string;
  tags: string[];
}
type Item = Record<string, Operation>;
export interface Document {
  openapi: string;
  info: { title: string; description: string; version: string; license: JsonObject };
  servers: JsonObject[];
  tags: { name: string; description: string }[];
  paths: Record<string, Item>;
  /** What the service sends, by name. */
  webhooks?: Record<string, Item>;
  /** By kind and name. */
  components: Record<string, Record<string, Json>>;
}
type Documents = Record<string, Document>;

const FOLDER = join(import.meta.dir, "../../docs/openapi");
export const MERGED = join(FOLDER, "public.yaml");

const read = async (name: ServiceName): Promise<[string, Document]> => [
  name,
  Bun.YAML.parse(await Bun.file(join(FOLDER, `${name}.yaml`)).text()) as Document,
];
export const serviceDocuments = async (): Promise<Documents> =>
  Object.fromEntries(await Promise.all(services.map(({ name }) => read(name))));

const DESCRIPTION = `The public API of all four services, for reading and for tools that take one document.

Each path begins with the name of its service, because several services have the same paths. A service does not know this
name. Either leave it out and call the service at its own address, by default ${services
  .map(({ name, port }) => `\`http://localhost:${port}\` (${name})`)
  .join(
    ", ",
  )}, or put a gateway in front that removes it. Each service also has its own document, without the names.`;

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const REFERENCE = /^#\/components\/(\w+)\/(.+)$/;

/** The same with each reference replaced by what `replace` makes of it. */
function withReferences(value: Json, replace: (kind: string, name: string) => Json): Json {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, replace));
  if (typeof value !== "object" || value === null) return value;
  const [, kind, name] = REFERENCE.exec(String(value.$ref)) ?? [];
  if (kind && name) return replace(kind, name);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withReferences(inner, replace)]),
  );
}

/** The same with each reference replaced by what it refers to. */
export const inlined = (document: Document, value: Json, outer: string[] = []): Json =>
  withReferences(value, (kind, name) =>
    outer.includes(`${kind}/${name}`)
      ? name
      : inlined(document, document.components[kind]?.[name] ?? null, [...outer, `${kind}/${name}`]),
  );

/** Whether a component of this name is the same in all services that have it. Then they share it. */
function isShared(documents: Documents, kind: string, name: string): boolean {
  const wholes = Object.values(documents).flatMap((document) => {
    const component = document.components[kind]?.[name];
    return component === undefined ? [] : JSON.stringify(inlined(document, component));
  });
  return new Set(wholes).size === 1;
}

export function merged(documents: Documents): Document {
  const known = new Map<string, boolean>();
  const nameIn = (service: string, kind: string, name: string) => {
    const place = `${kind}/${name}`;
    const shared = known.get(place) ?? isShared(documents, kind, name);
    known.set(place, shared);
    return shared ? name : `${capitalised(service)}${name}`;
  };
  /** What the components were called, by what they are called now. */
  const origins = new Map<string, string>();
  const result: Required<Omit<Document, "openapi" | "info" | "servers">> = {
    ...{ tags: [], paths: {}, webhooks: {}, components: {} },
  };
  for (const [service, { tags, paths, webhooks, components }] of Object.entries(documents)) {
    const moved = (value: Json) =>
      withReferences(value, (kind, name) => ({
        $ref: `#/components/${kind}/${nameIn(service, kind, name)}`,
      }));
    const tagged = (tag: string) => `${service}: ${tag}`;
    result.tags.push(...tags.map(({ name, ...tag }) => ({ name: tagged(name), ...tag })));
    const renamed = (item: Item): Item =>
      Object.fromEntries(
        Object.entries(item).map(([method, operation]) => [
          method,
          {
            ...(moved(operation) as Operation),
            operationId: `${service}${capitalised(operation.operationId)}`,
            tags: operation.tags.map(tagged),
          },
        ]),
      );
    for (const [path, item] of Object.entries(paths)) result.paths[`/${service}${path}`] = renamed(item);
    for (const [name, item] of Object.entries(webhooks ?? {})) result.webhooks[name] = renamed(item);
    for (const [kind, named] of Object.entries(components)) {
      result.components[kind] ??= {};
      const all = result.components[kind];
      for (const [name, component] of Object.entries(named)) {
        const newName = nameIn(service, kind, name);
        const origin = `${kind}/${newName}`;
        if ((origins.get(origin) ?? name) !== name) throw new Error(`Two ${kind} have the name ${newName}`);
        origins.set(origin, name);
        all[newName] = moved(component);
      }
    }
  }
  const [{ openapi, info } = {} as Document] = Object.values(documents);
  return {
    openapi,
    info: { ...info, title: "Food delivery: the public API", description: DESCRIPTION },
    servers: [{ url: "/", "x-internal": false }],
    ...result,
    components: Object.fromEntries(
      Object.entries(result.components).map(([kind, named]) => [kind, sorted(named)]),
    ),
  };
}

export const mergedText = async (): Promise<string> =>
  `${Bun.YAML.stringify(merged(await serviceDocuments()), null, 2)}\n`;

if (import.meta.main) await Bun.write(MERGED, await mergedText());
