import { VEHICLES } from "@food/shared/contracts/order";
import {
  CommonConfig,
  Count,
  Duration,
  readConfigOrExit,
  StreamsConfig,
  Url,
} from "@food/shared/process/config";
import { Type } from "@sinclair/typebox";

const SPEED = "[1-9][0-9]{0,3}";

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
  VEHICLE_SPEEDS: Type.String({
    pattern: `^(${VEHICLES.join("|")})=${SPEED}(,(${VEHICLES.join("|")})=${SPEED})*$`,
    default: "on_foot=80,bicycle=250,cargo_bike=220,scooter=350,car=350",
    description:
      "How many metres as the crow flies a courier makes in a minute, by vehicle; one that is left out is as fast as a bicycle",
    expects: "vehicles with a number from 1 to 9999, such as bicycle=250,car=350",
  }),
  PICKUP_SECONDS: Duration(
    "seconds",
    120,
    "How long a courier spends at a restaurant when the food is ready",
  ),
  DROP_OFF_SECONDS: Duration("seconds", 120, "How long a courier spends at a door"),
  DELIVERY_TARGET_MINUTES: Count(40, "Minutes from placing to the door, beyond which an order is late"),
  DETOUR_MAX_MINUTES: Count(25, "How many minutes later than alone an order may be for others of its trip"),
  COURIER_HORIZON_MINUTES: Count(
    40,
    "Couriers who are free later than in so many minutes are not planned with",
  ),
  COURIERS_PLENTY: Type.Number({
    minimum: 0,
    maximum: 1e9,
    default: 1,
    description:
      "From so many idle couriers for each waiting order on, orders are assigned at once and not held back",
    expects: "a number from 0 on",
  }),
  OPEN_ORDERS_PER_CUSTOMER: Count(5, "How many orders a customer may have open at once"),
  OPEN_ORDERS_PER_ADDRESS: Count(
    20,
    "How many orders to one address may be open at once, whoever places them",
  ),
});

export const loadConfig = () => readConfigOrExit(Config, Bun.env);
