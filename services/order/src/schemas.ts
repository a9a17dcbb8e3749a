// The schemas that the OpenAPI document names. Each name has one meaning, or the compiler refuses this file.
export * from "@food/shared/accounts/schemas";
export * from "@food/shared/contracts/delivery";
export * from "@food/shared/contracts/erasure";
export * from "@food/shared/contracts/live";
export * from "@food/shared/contracts/order";
export * from "@food/shared/contracts/order-lines";
export * from "@food/shared/contracts/price";
export * from "@food/shared/contracts/restaurant";
export * from "@food/shared/contracts/stock";
export * from "@food/shared/contracts/trip";
export * from "@food/shared/service/schemas";
export * from "./operators/schema.ts";
export * from "./orders/schema.ts";
export * from "./town/schema.ts";
export * from "./tracking/schema.ts";
export * from "./webhooks/schema.ts";
