// The schemas of every service's OpenAPI document.
export * from "../auth/key-set.ts";
export * from "../http/health.ts";
export * from "../http/problem.ts";
export * from "../live/tickets.ts";
export * from "../values/fields.ts";
export * from "../values/geo.ts";
