/** Lets one caller a key do the work and gives its result to all who ask meanwhile. */
export function singleFlight<T>(): (key: string, run: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, Promise<T>>();
  return (key, run) => {
    const flying = flights.get(key);
    if (flying) return flying;
    const flight = run().finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
}

/** Runs one at a time, and for everybody one that began after they asked: who asks while one is under way gets the
 * next, together with all who ask meanwhile. */
export function freshFlight(run: () => Promise<void>): () => Promise<void> {
  let flying: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const fly = () => {
    flying = run().finally(() => {
      flying = undefined;
    });
    return flying;
  };
  const flyNext = () => {
    next = undefined;
    return fly();
  };
  return () => {
    if (!flying && !next) return fly();
    next ??= flying?.then(flyNext, flyNext);
    return next ?? fly();
  };
}
