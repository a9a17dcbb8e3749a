import { Refused } from "@food/client";
import { useCallback, useEffect, useState } from "preact/hooks";

export interface Loaded<T> {
  value?: T;
  error?: Refused;
  isLoading: boolean;
  reload: () => Promise<void>;
}

/** Loads again when a key changes. A late answer to an earlier question does not count. */
export function useLoaded<T>(load: () => Promise<T>, keys: unknown[]): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({ isLoading: true });
  const [asked] = useState({ count: 0 });
  const reload = useCallback(async () => {
    const mine = ++asked.count;
    setState((before) => ({ ...before, isLoading: true }));
    const next = await load().then(
      (value) => ({ value, isLoading: false }),
      (error) => {
        if (error instanceof Refused) return { error, isLoading: false };
        throw error;
      },
    );
    if (mine === asked.count) setState(next);
  }, keys);
  useEffect(() => void reload(), [reload]);
  return { ...state, reload };
}
