import {
  AccountsConfig,
  CommonConfig,
  Duration,
  readConfigOrExit,
  StreamsConfig,
  Url,
} from "@food/shared/process/config";
import { Type } from "@sinclair/typebox";

export const Config = Type.Object({
  ...CommonConfig,
  ...AccountsConfig,
  ...StreamsConfig,
  ORDER_URL: Url("The order service", ["http", "https"]),
  MAX_PICKUP_DISTANCE_METERS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 30_000,
    description: "How far from a restaurant a courier may be to be assigned",
    expects: "a whole number of metres",
  }),
  POSITION_MAX_AGE_SECONDS: Duration(
    "seconds",
    300,
    "How old the last position may be of a courier who is given an order",
  ),
});

export const loadConfig = () => readConfigOrExit(Config, Bun.env);
