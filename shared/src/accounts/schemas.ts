// The schemas of the OpenAPI document of a service with accounts.
export * from "./activity/schema.ts";
export * from "./deletion/schema.ts";
export * from "./export/schema.ts";
export * from "./own-sessions/schema.ts";
export * from "./schema.ts";
export * from "./token-ends/schema.ts";
