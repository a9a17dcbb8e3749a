import { inBackground, withoutDeadline } from "../observe/request-scope.ts";

/** Runs at most once at a time for each key. Calls during a run share its result. */
export function singleFlight<T>(): (key: string, run: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, Promise<T>>();
  return (key, run) => {
    const flying = flights.get(key);
    if (flying) return flying;
    const flight = withoutDeadline(run).finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
}

const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Like `singleFlight`, but no result is older than its call: calls during a run share the next run. A run begins at the end
 * of the turn of the event loop, so requests that arrive together share it. Each key runs at most once at a time, and a call
 * waits for two runs at most. */
export function freshFlights<T>(): (key: string, run: () => Promise<T>) => Promise<T> {
  const flying = new Map<string, Promise<T>>();
  const waiting = new Map<string, Promise<T>>();

  function take(key: string, run: () => Promise<T>): Promise<T> {
    const flight = withoutDeadline(run);
    flying.set(key, flight);
    const land = () => {
      if (!waiting.has(key)) flying.delete(key);
    };
    inBackground(() => flight.then(land, land));
    return flight;
  }

  return (key, run) => {
    const next = waiting.get(key);
    if (next) return next;
    const start = () => {
      waiting.delete(key);
      return take(key, run);
    };
    const queued = (flying.get(key) ?? endOfTurn()).then(start, start);
    waiting.set(key, queued);
    return queued;
  };
}

/** `freshFlights` with one key and one function. */
export function freshFlight(run: () => Promise<void>): () => Promise<void> {
  const fresh = freshFlights<void>();
  return () => fresh("", run);
}
