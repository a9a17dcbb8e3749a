// A courier is assigned in the delivery service a moment before the order names the courier. Reports of that courier wait
// until both agree.
import { AppError, unavailable } from "@food/shared/values/errors";

const SETTLING = "ASSIGNMENT_SETTLING";
export const settling = () => unavailable(SETTLING, "The assignment is being stored. Try again.");
const SETTLES_MS = { first: 25, last: 400 };

/** Repeats `run` while it throws ASSIGNMENT_SETTLING, for about 0.8 s at most. */
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
