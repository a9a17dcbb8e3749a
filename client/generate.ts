// Writes the types of the public API from docs/openapi. Part of `bun run docs`.
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { serviceNames } from "../tools/services.ts";

interface Operation {
  parameters?: { name: string; required?: boolean }[];
  responses: Record<string, { headers?: object }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { responses?: Record<string, { headers?: object }> };
}

const ROOT = join(import.meta.dir, "..");
export const typesFileOf = (service: string) => join(ROOT, `client/src/api/${service}.ts`);

export const documentOf = async (service: string): Promise<Document> =>
  Bun.YAML.parse(await Bun.file(join(ROOT, `docs/openapi/${service}.yaml`)).text()) as Document;

/** The client makes keys itself, and every refusal is a problem. */
function simplified(document: Document): Document {
  for (const operation of Object.values(document.paths).flatMap((item) => Object.values(item))) {
    for (const parameter of operation.parameters ?? [])
      if (parameter.name === "idempotency-key") parameter.required = false;
    for (const [status, response] of Object.entries(operation.responses)) {
      delete response.headers;
      if (!status.startsWith("2") && status !== "304" && status !== "default")
        delete operation.responses[status];
    }
  }
  const { default: refusal } = document.components.responses ?? {};
  delete refusal?.headers;
  if (refusal) document.components.responses = { default: refusal };
  return document;
}

export const typesOf = async (service: string): Promise<string> =>
  `// Written by \`bun run docs\` from docs/openapi/${service}.yaml.\n${astToString(
    await openapiTS(JSON.stringify(simplified(await documentOf(service)))),
  )}`;

if (import.meta.main)
  for (const service of serviceNames) await Bun.write(typesFileOf(service), await typesOf(service));
