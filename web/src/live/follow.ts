// Follows an event stream until it ends for good, whatever fails meanwhile.
import { backOffMs, type FollowOptions, pause, Refused, type StreamEvent } from "@food/client";

export interface Following {
  /** The events of any number of connections. */
  open: (options: FollowOptions) => AsyncIterable<StreamEvent>;
  /** Returns "again" to connect again, after which the stream begins with a snapshot. */
  onEvent: (event: StreamEvent) => unknown;
  /** Called with true for each sign of life, and with false when the link is lost. */
  onLink: (isUp: boolean) => void;
}

const WAIT = { waitMsMax: 15_000 };
/** A refusal that another attempt does not change. */
const FINAL = [401, 403, 404];

/** Returns what stops it. */
export function follow({ open, onEvent, onLink }: Following): () => void {
  const stopped = new AbortController();
  let lastEventId: string | undefined;
  let failures = 0;

  /** True when the stream has ended for good. */
  async function readOnce(): Promise<boolean> {
    const again = new AbortController();
    const restart = () => again.abort();
    // Without a pause when the device is online again.
    addEventListener("online", restart);
    const signal = AbortSignal.any([stopped.signal, again.signal]);
    const options = {
      ...{ signal, ...(lastEventId !== undefined && { lastEventId }) },
      onLink(isUp: boolean) {
        if (isUp) failures = 0;
        onLink(isUp);
      },
    };
    try {
      for await (const event of open(options)) {
        lastEventId = event.id ?? lastEventId;
        if (onEvent(event) !== "again") continue;
        lastEventId = undefined;
        return false;
      }
      return !again.signal.aborted;
    } catch (error) {
      if (error instanceof Refused && FINAL.includes(error.status)) return true;
      onLink(false);
      await pause(backOffMs(++failures, WAIT), signal);
      return false;
    } finally {
      removeEventListener("online", restart);
    }
  }

  void (async () => {
    while (!stopped.signal.aborted) if (await readOnce()) return;
  })();
  return () => stopped.abort();
}
