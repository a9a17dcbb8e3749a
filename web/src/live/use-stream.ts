import type { FollowOptions, ServiceName, StreamEvent, StreamPath } from "@food/client";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import { follow } from "./follow.ts";

export interface Link {
  /** Undefined before the first connection. */
  isUp: boolean | undefined;
  /** Since when it is lost, in epoch milliseconds. */
  lostAtMs?: number;
  /** Updates come late. */
  isDegraded: boolean;
}

export interface StreamOptions extends Pick<FollowOptions, "silentMs"> {
  params?: Record<string, string>;
}

/** Follows a stream while the component is shown. */
export function useStream<S extends ServiceName>(
  api: Api,
  service: S,
  path: StreamPath<S>,
  onEvent: (event: StreamEvent) => unknown,
  streamOptions: StreamOptions = {},
): Link {
  const [link, setLink] = useState<Link>({ isUp: undefined, isDegraded: false });
  const handler = useRef(onEvent);
  handler.current = onEvent;
  useEffect(
    () =>
      follow({
        open: (options) => api.session.connection.follow(service, path, { ...streamOptions, ...options }),
        onEvent(event) {
          if (event.event === "degraded" || event.event === "live")
            setLink((before) => ({ ...before, isDegraded: event.event === "degraded" }));
          return handler.current(event);
        },
        onLink: (isUp) =>
          setLink((before) => {
            if (before.isUp === isUp) return before;
            const { isDegraded } = before;
            return isUp ? { isUp, isDegraded } : { isUp, isDegraded, lostAtMs: Date.now() };
          }),
      }),
    [api, service, path, JSON.stringify(streamOptions)],
  );
  return link;
}
