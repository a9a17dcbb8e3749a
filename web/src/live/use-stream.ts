import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { ServiceName } from "../api/operation.ts";
import type { StreamEvent } from "./event-reader.ts";
import { follow } from "./follow.ts";

export interface Link {
  /** Undefined before the first connection. */
  isUp: boolean | undefined;
  /** Since when it is lost, in epoch milliseconds. */
  lostAtMs?: number;
  /** Updates come late. */
  isDegraded: boolean;
}

/** Follows a stream while the component is shown, and the path is given. */
export function useStream(
  api: Api,
  service: ServiceName,
  path: string | undefined,
  onEvent: (event: StreamEvent) => unknown,
  silenceMs?: number,
): Link {
  const [link, setLink] = useState<Link>({ isUp: undefined, isDegraded: false });
  const handler = useRef(onEvent);
  handler.current = onEvent;
  useEffect(() => {
    if (path === undefined) return;
    return follow({
      open: (lastEventId, signal) => api.stream(service, path, lastEventId, signal),
      onEvent(event) {
        if (event.event === "degraded" || event.event === "live")
          setLink((before) => ({ ...before, isDegraded: event.event === "degraded" }));
        return handler.current(event);
      },
      ...(silenceMs !== undefined && { silenceMs }),
      onLink: (isUp) =>
        setLink((before) => {
          if (before.isUp === isUp) return before;
          return isUp
            ? { isUp, isDegraded: before.isDegraded }
            : { isUp, isDegraded: before.isDegraded, lostAtMs: Date.now() };
        }),
    });
  }, [api, service, path, silenceMs]);
  return link;
}
