// What all actors of one replay share.
import type { PostalAddress } from "@food/shared/values/fields";
import type { Instance, InstanceOrder } from "../day/instance.ts";
import type { Plane, Spot } from "../day/plane.ts";
import type { Api, ServiceName } from "./api.ts";
import type { Book } from "./book.ts";
import type { Clock } from "./clock.ts";
import type { Account } from "./session.ts";

/** How often, in real time, actors look and report. */
export interface Pace {
  /** A courier for work, a restaurant for orders. */
  pollMs: number;
  /** A courier on the way, the position. */
  locationMs: number;
  /** A courier waiting for work, the position. */
  idleLocationMs: number;
  /** A customer, how the order stands. */
  followMs: number;
}

/** Set before the day begins: whom it is played for, and in whose name. */
export interface Company {
  api: Api;
  instance: Instance;
  plane: Plane;
  book: Book;
  /** When the kitchen says that the food will be ready. */
  promisedMinute: (order: InstanceOrder) => number;
  /** In all emails and names, so that a replay can be run again on the same platform. */
  runId: string;
  password: string;
}

/** The company while the day is played. */
export interface Stage extends Company {
  clock: Clock;
  pace: Pace;
}

const LOCATION_REPORTS_PER_SECOND_MAX = 60;
const SECOND_MS = 1000;

/** About once a second; when the day runs fast a little more often, with many couriers less. */
export function paceFor(speed: number, couriers: number): Pace {
  const dayMinuteMs = 60_000 / speed;
  return {
    pollMs: Math.min(SECOND_MS, Math.max(250, dayMinuteMs)),
    locationMs: Math.max(SECOND_MS, (couriers * SECOND_MS) / LOCATION_REPORTS_PER_SECOND_MAX),
    idleLocationMs: 20 * SECOND_MS,
    followMs: 5 * SECOND_MS,
  };
}

/** Up to a quarter more or less, so that not all ask at once. */
export const jittered = (ms: number): number => ms * (0.75 + Math.random() / 2);

export const accountOf = ({ runId, password }: Company, service: ServiceName, id: string): Account => ({
  service,
  email: `${service}-${id.toLowerCase().replace(/[^a-z0-9]+/g, "-")}-${runId}@replay.example.com`,
  password,
});

export const addressAt = ({ plane }: Company, line1: string, spot: Spot): PostalAddress => ({
  line1,
  city: "Berlin",
  postalCode: "10178",
  country: "DE",
  location: plane.toLocation(spot),
});
