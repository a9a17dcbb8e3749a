import { inBackground, withoutDeadline } from "../observe/request-scope.ts";

/** Lets one caller a key do the work and gives its result to all who ask meanwhile. */
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

/** For those who may be told nothing older than their question: who asks while a flight of the key is under way gets
 * the next one, together with all who ask meanwhile. So there is one at a time a key, and nobody waits for more than
 * two. */
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
    const current = flying.get(key);
    if (!current) return take(key, run);
    const next = waiting.get(key);
    if (next) return next;
    const start = () => {
      waiting.delete(key);
      return take(key, run);
    };
    const queued = current.then(start, start);
    waiting.set(key, queued);
    return queued;
  };
}

/** The same where there is but one key and one thing to do. */
export function freshFlight(run: () => Promise<void>): () => Promise<void> {
  const fresh = freshFlights<void>();
  return () => fresh("", run);
}
