import {
  AccountsConfig,
  CommonConfig,
  readConfigOrExit,
  StreamsConfig,
  Url,
} from "@food/shared/process/config";
import { Type } from "@sinclair/typebox";

export const Config = Type.Object({
  ...CommonConfig,
  ...AccountsConfig,
  ...StreamsConfig,
  CUSTOMER_URL: Url("The customer service", ["http", "https"]),
  ORDER_URL: Url("The order service", ["http", "https"]),
});

export const loadConfig = () => readConfigOrExit(Config, Bun.env);
