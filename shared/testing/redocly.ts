import { createConfig, lintFromString } from "@redocly/openapi-core";

const RULES = { extends: ["recommended"], rules: { "operation-tag-defined": "error" as const } };

/** What Redocly's recommended rules find in an OpenAPI document. */
export async function findingsIn(document: object) {
  const config = await createConfig(RULES);
  const found = await lintFromString({ source: JSON.stringify(document), config });
  return found.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]);
}
