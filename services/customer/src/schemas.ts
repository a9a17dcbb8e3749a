// The schemas that the OpenAPI document names. Each name has one meaning, or the compiler refuses this file.
export * from "@food/shared/accounts/schemas";
export * from "@food/shared/contracts/browse";
export * from "@food/shared/contracts/delivery-zones";
export * from "@food/shared/contracts/dish-facts";
export * from "@food/shared/contracts/option-groups";
export * from "@food/shared/contracts/order";
export * from "@food/shared/contracts/order-lines";
export * from "@food/shared/contracts/price";
export * from "@food/shared/contracts/restaurant";
export * from "@food/shared/contracts/stock";
export * from "@food/shared/service/schemas";
export * from "./addresses/schema.ts";
export * from "./customers/schema.ts";
export * from "./orders/schema.ts";
