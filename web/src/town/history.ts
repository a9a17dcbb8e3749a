// What the curve shows. The page collects it while it is open; a reload in the same tab keeps it.
import type { TownState } from "./town-state.ts";

/** Lists of the same length: times in seconds, and a value of each for every line. Null: not known. */
export interface History {
  times: number[];
  lines: Record<LineName, (number | null)[]>;
}
export const LINES = ["open", "waiting", "idle", "p50", "p90"] as const;
export type LineName = (typeof LINES)[number];

const EVERY_S = 15;
/** Twelve hours. */
const SAMPLES_MAX = 2_880;

export const emptyHistory = (): History => ({
  times: [],
  lines: { open: [], waiting: [], idle: [], p50: [], p90: [] },
});

const minutes = (seconds: number | undefined) =>
  seconds === undefined ? null : Math.round(seconds / 6) / 10;

function valuesOf({ orders, figures }: TownState): Record<LineName, number | null> {
  const { waiting, idleCouriers, clickToDoor } = figures;
  const [p50, p90] = [minutes(clickToDoor?.p50Seconds), minutes(clickToDoor?.p90Seconds)];
  return { open: orders.size, waiting, idle: idleCouriers, p50, p90 };
}

/** The same history until the next sample is due. */
export function withSample(history: History, state: TownState): History {
  const at = Math.floor(Date.parse(state.at) / 1000);
  const last = history.times.at(-1);
  if (last !== undefined && at - last < EVERY_S) return history;
  const values = valuesOf(state);
  const added = <T>(list: T[], value: T) => [...list, value].slice(-SAMPLES_MAX);
  return {
    times: added(history.times, at),
    lines: {
      open: added(history.lines.open, values.open),
      waiting: added(history.lines.waiting, values.waiting),
      idle: added(history.lines.idle, values.idle),
      p50: added(history.lines.p50, values.p50),
      p90: added(history.lines.p90, values.p90),
    },
  };
}

const KEY = "town.history";
type Kept = Pick<Storage, "getItem" | "setItem">;

export const keepHistory = (storage: Kept, history: History) => storage.setItem(KEY, JSON.stringify(history));

/** Empty when there is none, or when an older page kept it in another form. */
export function keptHistory(storage: Kept): History {
  const text = storage.getItem(KEY);
  if (!text) return emptyHistory();
  const kept = JSON.parse(text) as Partial<History>;
  const count = kept.times?.length;
  const isWhole = LINES.every((name) => kept.lines?.[name]?.length === count);
  return isWhole ? (kept as History) : emptyHistory();
}
