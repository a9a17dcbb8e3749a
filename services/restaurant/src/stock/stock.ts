// The portions of a dish that are left, as numbers in the restaurant's document. Pure.
//
// A dish without an entry is unlimited. With `perDay` the first order of a business day begins again from that number.

export interface StockEntry {
  remaining: number;
  perDay?: number;
  /** The business day that `remaining` counts. Empty without `perDay`. */
  day: string;
}

export interface TakenLine {
  dishId: string;
  portions: number;
  /** The entry's day when they were taken. Portions of an earlier day are not given back. */
  day: string;
}

/** What an order has taken. Without lines it is settled: given back, or used. */
export interface TakenStock {
  at: Date;
  lines?: TakenLine[];
}

/** The stock fields of a restaurant. */
export interface WithStock {
  stock?: Record<string, StockEntry>;
  stockTaken?: Record<string, TakenStock>;
  /** Settled orders up to this id are forgotten, so none of them may take again. */
  stockTakenAfter?: string;
  /** When to ask the order service what became of the orders in `stockTaken`. Unset when there are none. */
  stockCheckAt?: Date;
}

/** Only forwards: a clock that is behind does not begin a day again. */
const beginsDay = ({ perDay, day }: StockEntry, today: string) => perDay !== undefined && day < today;

export const portionsLeft = (entry: StockEntry, today: string): number =>
  beginsDay(entry, today) ? (entry.perDay ?? 0) : entry.remaining;

/** The portions of each dish in an order. */
export function portionsOf(items: { dishId: string; quantity: number }[]): Map<string, number> {
  const portions = new Map<string, number>();
  for (const { dishId, quantity } of items) portions.set(dishId, (portions.get(dishId) ?? 0) + quantity);
  return portions;
}

/** One dish of a take: its entry before and after. */
export interface Take {
  dishId: string;
  portions: number;
  from: StockEntry;
  to: StockEntry;
}
export const isNewDay = ({ from, to }: Take) => from.day !== to.day;

/** What an order takes of limited dishes. Undefined when there is not enough of one. */
export function takesOf(
  portions: Map<string, number>,
  stock: Record<string, StockEntry> = {},
  today: string,
): Take[] | undefined {
  const takes: Take[] = [];
  for (const [dishId, wanted] of portions) {
    const from = stock[dishId];
    if (!from) continue;
    const left = portionsLeft(from, today);
    if (left < wanted) return undefined;
    const day = beginsDay(from, today) ? today : from.day;
    takes.push({ dishId, portions: wanted, from, to: { ...from, remaining: left - wanted, day } });
  }
  return takes;
}

/** The lines that go back: only to the day from which they were taken. */
export const returnable = (lines: TakenLine[], stock: Record<string, StockEntry> = {}): TakenLine[] =>
  lines.filter(({ dishId, day }) => stock[dishId]?.day === day);
