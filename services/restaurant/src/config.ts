import { CommonConfig, Duration, readConfigOrExit, Url } from "@food/shared/config";
import { Type } from "@sinclair/typebox";

export const Config = Type.Object({
  ...CommonConfig,
  ORDER_URL: Url("The order service", ["http", "https"]),
  ACCESS_TOKEN_SECONDS: Duration("seconds", 900, "How long an access token is good for"),
});

export const loadConfig = () => readConfigOrExit(Config, Bun.env);
