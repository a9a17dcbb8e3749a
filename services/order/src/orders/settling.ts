// The delivery service has found a courier, and that is just being written down here: who is quicker waits a moment.
import { AppError, unavailable } from "@food/shared/values/errors";

const SETTLING = "ASSIGNMENT_SETTLING";
export const settling = () => unavailable(SETTLING, "The assignment is just being written down. Try again.");
const SETTLES_MS = { first: 25, last: 400 };

/** Asks again for a moment while the assignment is being written down: a courier may be quicker than that. */
export async function onceSettled<T>(run: () => Promise<T>): Promise<T> {
  for (let waitMs = SETTLES_MS.first; ; waitMs *= 2) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof AppError && error.code === SETTLING) || waitMs > SETTLES_MS.last) throw error;
      await Bun.sleep(waitMs);
    }
  }
}
