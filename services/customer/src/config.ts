import { AccountsConfig, CommonConfig, readConfigOrExit, Url } from "@food/shared/process/config";
import { Type } from "@sinclair/typebox";

export const Config = Type.Object({
  ...CommonConfig,
  ...AccountsConfig,
  RESTAURANT_URL: Url("The restaurant service", ["http", "https"]),
  ORDER_URL: Url("The order service", ["http", "https"]),
});

export const loadConfig = () => readConfigOrExit(Config, Bun.env);
