// The state that all actors of a replay share.
import type { PostalAddress } from "@food/shared/values/fields";
import type { Instance, InstanceOrder } from "../day/instance.ts";
import type { Plane, Spot } from "../day/plane.ts";
import type { Api, ServiceName } from "./api.ts";
import type { Book } from "./book.ts";
import type { Clock } from "./clock.ts";
import type { Account } from "./session.ts";

/** The intervals at which actors poll and report, in real time. */
export interface Pace {
  /** A courier polls for trips, a restaurant for orders. */
  pollMs: number;
  /** A travelling courier reports the position. */
  locationMs: number;
  /** An idle courier reports the position. */
  idleLocationMs: number;
  /** A customer polls the order's status. */
  followMs: number;
}

/** The settings of a replay, fixed before the day starts. */
export interface Company {
  api: Api;
  instance: Instance;
  plane: Plane;
  book: Book;
  /** The ready time that the kitchen promises, as a minute of the day. */
  promisedMinute: (order: InstanceOrder) => number;
  /** Part of all emails and names, so that replays can follow each other on one platform. */
  runId: string;
  password: string;
}

/** The company while the day is played, with its clock and pace. */
export interface Stage extends Company {
  clock: Clock;
  pace: Pace;
}

const LOCATION_REPORTS_PER_SECOND_MAX = 60;
const SECOND_MS = 1000;

/** Polls about once a second: more often at a high speed, less often with many couriers. */
export function paceFor(speed: number, couriers: number): Pace {
  const dayMinuteMs = 60_000 / speed;
  return {
    pollMs: Math.min(SECOND_MS, Math.max(250, dayMinuteMs)),
    locationMs: Math.max(SECOND_MS, (couriers * SECOND_MS) / LOCATION_REPORTS_PER_SECOND_MAX),
    idleLocationMs: 20 * SECOND_MS,
    followMs: 5 * SECOND_MS,
  };
}

/** Changes a delay by up to 25 %, so that actors do not call at the same time. */
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
