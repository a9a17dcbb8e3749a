import { VEHICLES, type Vehicle } from "@food/shared/contracts/order";
import {
  AccountsConfig,
  ArchiveAfterDays,
  CommonConfig,
  Duration,
  readConfigOrExit,
  StreamsConfig,
  Url,
} from "@food/shared/process/config";
import { ARCHIVE_AFTER_DAYS_MIN } from "@food/shared/storage/archive/both";
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
    description: "Maximum distance from a restaurant to a courier who gets its order",
    expects: "a whole number of metres",
  }),
  POSITION_MAX_AGE_SECONDS: Duration(
    "seconds",
    300,
    "Maximum age of the last position of a courier who gets an order",
  ),
  ARCHIVE_AFTER_DAYS: ArchiveAfterDays("orders (order) and trips (delivery)", ARCHIVE_AFTER_DAYS_MIN),
  VEHICLE_CAPACITIES: Type.String({
    pattern: `^(${VEHICLES.join("|")})=[1-8](,(${VEHICLES.join("|")})=[1-8])*$`,
    default: "on_foot=1,bicycle=2,scooter=3,car=4,cargo_bike=4",
    description: "Maximum number of orders on one trip, by vehicle; one for a vehicle that is not listed",
    expects: "vehicles with a number from 1 to 8, such as bicycle=2,car=4",
  }),
});

/** A vehicle that is not listed takes one order at a time. */
export function capacitiesIn(text: string): Record<Vehicle, number> {
  const named = new Map(text.split(",").map((pair) => pair.split("=") as [string, string]));
  const entries = VEHICLES.map((vehicle) => [vehicle, Number(named.get(vehicle) ?? 1)]);
  return Object.fromEntries(entries) as Record<Vehicle, number>;
}

export const loadConfig = () => readConfigOrExit(Config, Bun.env);
