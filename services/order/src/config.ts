import { VEHICLES } from "@food/shared/contracts/order";
import {
  ArchiveAfterDays,
  CommonConfig,
  Count,
  Duration,
  GivenAccountsConfig,
  readConfigOrExit,
  StreamsConfig,
  Url,
} from "@food/shared/process/config";
import { ARCHIVE_AFTER_DAYS_MIN } from "@food/shared/storage/archive/both";
import { Type } from "@sinclair/typebox";

const SPEED = "[1-9][0-9]{0,3}";

export const Config = Type.Object({
  ...CommonConfig,
  ...StreamsConfig,
  ...GivenAccountsConfig,
  OPERATOR_EMAIL: Type.String({
    pattern: "^([^@\\s]+@[^@\\s]+\\.[^@\\s]+)?$",
    maxLength: 254,
    default: "",
    description: "Email address of the first operator, whose account is made at the start if it is missing",
    expects: "an email address",
  }),
  OPERATOR_PASSWORD: Type.String({
    default: "",
    maxLength: 200,
    description: "First password of that operator; the account's own password is never changed by it",
    expects: "a password of at least 8 characters that is not easy to guess",
  }),
  CUSTOMER_URL: Url("The customer service", ["http", "https"]),
  RESTAURANT_URL: Url("The restaurant service", ["http", "https"]),
  DELIVERY_URL: Url("The delivery service", ["http", "https"]),
  ACCEPT_WITHIN_SECONDS: Duration("seconds", 600, "Time for the restaurant to answer an order"),
  ASSIGN_WITHIN_SECONDS: Duration("seconds", 2_700, "Time to find a courier before the order is cancelled"),
  PICKUP_WITHIN_SECONDS: Duration(
    "seconds",
    1_800,
    "Time for the courier to pick up ready food before the order goes to another one",
  ),
  DISPATCH_EVERY_MS: Duration(
    "ms",
    2_000,
    "Polling interval for orders without a courier, when no event wakes the dispatcher",
  ),
  DEADLINES_EVERY_MS: Duration(
    "ms",
    5_000,
    "Polling interval for the deadlines of orders; between two polls a process acts on those that it knows",
  ),
  COURIER_METERS_PER_MINUTE: Type.Integer({
    minimum: 1,
    maximum: 10_000,
    default: 250,
    description: "Assumed speed of a courier in delivery estimates",
    expects: "a whole number of metres",
  }),
  VEHICLE_SPEEDS: Type.String({
    pattern: `^(${VEHICLES.join("|")})=${SPEED}(,(${VEHICLES.join("|")})=${SPEED})*$`,
    default: "on_foot=80,bicycle=250,cargo_bike=220,scooter=350,car=350",
    description:
      "Straight-line speed in metres per minute, by vehicle; a vehicle that is not listed is as fast as a bicycle",
    expects: "vehicles with a number from 1 to 9999, such as bicycle=250,car=350",
  }),
  PICKUP_SECONDS: Duration("seconds", 240, "Time of a courier at a restaurant when the food is ready"),
  DROP_OFF_SECONDS: Duration("seconds", 240, "Time of a courier at a door"),
  DELIVERY_TARGET_MINUTES: Count(40, "Minutes from placing to the door after which an order is late"),
  DETOUR_MAX_MINUTES: Count(25, "Maximum delay in minutes that other orders of a trip may add to an order"),
  COURIER_HORIZON_MINUTES: Count(
    40,
    "Planning horizon in minutes: couriers who become free later are ignored",
  ),
  COURIERS_PLENTY: Type.Number({
    minimum: 0,
    maximum: 1e9,
    default: 1,
    description: "Idle couriers per waiting order from which on orders are assigned at once, not held back",
    expects: "a number from 0 on",
  }),
  DAY_SPEED: Count(
    1,
    "Factor by which kitchens and couriers are faster than in real life: only for the replay of a day",
  ),
  OPEN_ORDERS_PER_CUSTOMER: Count(5, "Maximum number of open orders of a customer"),
  OPEN_ORDERS_PER_ADDRESS: Count(20, "Maximum number of open orders to one address, of all customers"),
  // The minimum is longer than an order takes tips, which is 24 hours after its delivery.
  ARCHIVE_AFTER_DAYS: ArchiveAfterDays("orders (order) and trips (delivery)", ARCHIVE_AFTER_DAYS_MIN),
  WEBHOOK_TARGETS: Type.Union([Type.Literal("public"), Type.Literal("any")], {
    default: "public",
    description:
      "Where webhooks may be sent: https to public addresses, or also http and private addresses, for development",
    // Builds define it.
    check: (targets: string) => targets === "public" || process.env.NODE_ENV !== "production",
    expects: "public; any, where the service runs from source",
  }),
});

export const loadConfig = () => readConfigOrExit(Config, Bun.env);
