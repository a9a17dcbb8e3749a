import {
  CommonConfig,
  Count,
  Duration,
  readConfigOrExit,
  StreamsConfig,
  Url,
} from "@food/shared/process/config";
import { Type } from "@sinclair/typebox";

export const Config = Type.Object({
  ...CommonConfig,
  ...StreamsConfig,
  CUSTOMER_URL: Url("The customer service", ["http", "https"]),
  RESTAURANT_URL: Url("The restaurant service", ["http", "https"]),
  DELIVERY_URL: Url("The delivery service", ["http", "https"]),
  ACCEPT_WITHIN_SECONDS: Duration("seconds", 600, "How long a restaurant has to answer an order"),
  ASSIGN_WITHIN_SECONDS: Duration(
    "seconds",
    2_700,
    "How long a courier is looked for before the order is cancelled",
  ),
  PICKUP_WITHIN_SECONDS: Duration(
    "seconds",
    1_800,
    "How long ready food waits for its courier before another one is sought",
  ),
  DISPATCH_EVERY_MS: Duration(
    "ms",
    2_000,
    "How often orders without a courier are looked at when no news wakes the dispatcher",
  ),
  DEADLINES_EVERY_MS: Duration("ms", 500, "How often passed deadlines are looked for"),
  COURIER_METERS_PER_MINUTE: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 250,
    description: "The courier's speed that delivery times are estimated with",
    expects: "a whole number of metres",
  }),
  OPEN_ORDERS_PER_CUSTOMER: Count(5, "How many orders a customer may have open at once"),
  OPEN_ORDERS_PER_ADDRESS: Count(
    20,
    "How many orders to one address may be open at once, whoever places them",
  ),
});

export const loadConfig = () => readConfigOrExit(Config, Bun.env);
