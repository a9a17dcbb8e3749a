import { openRestaurant, type Where } from "../e2e/actors.ts";

/** Longer than any time-out of an ingress controller that counts the whole answer, and than two heartbeats. */
const HELD_MS = 40_000;

/** Follows a restaurant's orders. Throws when the event stream ends by itself, or says nothing. */
export async function holdStream(urls: Where["urls"], heldMs = HELD_MS): Promise<void> {
  const { token } = await openRestaurant({ urls });
  const until = AbortSignal.timeout(heldMs);
  const startedAt = performance.now();
  let received = 0;
  try {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${urls.restaurant}/v1/orders/events`, { headers, signal: until });
    if (answer.status !== 200) throw new Error(`The event stream was answered ${answer.status}`);
    for await (const chunk of answer.body ?? []) received += chunk.length;
  } catch (error) {
    if (!until.aborted) throw error;
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  if (!until.aborted) throw new Error(`The event stream was cut off after ${seconds} s`);
  if (received === 0) throw new Error("The event stream was held back");
}
