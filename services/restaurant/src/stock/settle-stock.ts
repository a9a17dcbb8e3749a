// Ends what orders have taken. An order that ends sends a message; this asks about the others, so that a message that
// was never written (the placement died after taking) or is late loses no portion.
import type { OrderOutcomes } from "@food/shared/contracts/stock";
import type { Log } from "@food/shared/observe/log";
import { startTicker, type Ticker } from "@food/shared/process/ticker";
import type { OrderOf, StockStore } from "./store.ts";

export interface StockDeps {
  stock: StockStore;
  /** Drops the restaurant's cached menu. */
  changed: (restaurantId: string) => Promise<void>;
  /** What became of at most a hundred orders. Those that were never placed can no longer be placed afterwards. */
  askOutcomes: (orderIds: string[]) => Promise<OrderOutcomes["items"]>;
}

const ASKED_AT_ONCE = 100;
const EVERY_MS = 15_000;

export async function settleStock(
  { stock, changed }: Pick<StockDeps, "stock" | "changed">,
  order: OrderOf,
  how: { givesBack: boolean },
  now: Date,
): Promise<void> {
  if (await stock.settle(order, how, now)) await changed(order.restaurantId);
}

/** Asks about the orders of every restaurant that is due. */
export async function checkStock(deps: StockDeps, clock: () => Date, isStopped = () => false): Promise<void> {
  while (!isStopped()) {
    const due = await deps.stock.claimDue(clock());
    if (!due) return;
    const { restaurantId, orderIds } = due;
    for (let first = 0; first < orderIds.length; first += ASKED_AT_ONCE)
      for (const { orderId, outcome } of await deps.askOutcomes(
        orderIds.slice(first, first + ASKED_AT_ONCE),
      )) {
        if (outcome === "open") continue;
        await settleStock(deps, { restaurantId, orderId }, { givesBack: outcome === "unused" }, clock());
      }
    await deps.stock.forget(restaurantId, clock());
  }
}

export const startStockChecks = (deps: StockDeps & { log: Log }): Ticker =>
  startTicker("stock", EVERY_MS, deps.log, (isStopped) => checkStock(deps, () => new Date(), isStopped));
