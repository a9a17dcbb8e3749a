// The progress of a replay in one line. A terminal shows it in place; other outputs get a new line every ten seconds.
import type { Traffic } from "./api.ts";
import { type Book, isOpen } from "./book.ts";
import { timeOfDay } from "./clock.ts";

export interface ProgressOutput {
  write: (text: string) => unknown;
  isTTY?: boolean;
  /** The width of the terminal. */
  columns?: number;
}

const TERMINAL_EVERY_MS = 500;
const LOG_EVERY_MS = 10_000;

export interface ProgressLine {
  show: (text: string) => void;
  /** Ends the line. Other text may follow. */
  end: () => void;
}

/** Limits the rate of output; `show` may be called at any rate. */
export function progressLine(output: ProgressOutput): ProgressLine {
  let shownAt = Number.NEGATIVE_INFINITY;
  let isOnLine = false;
  return {
    show(text) {
      const everyMs = output.isTTY ? TERMINAL_EVERY_MS : LOG_EVERY_MS;
      if (performance.now() - shownAt < everyMs) return;
      shownAt = performance.now();
      const fitting = text.slice(0, (output.columns ?? 120) - 1);
      output.write(output.isTTY ? `\r\u001b[K${fitting}` : `${text}\n`);
      isOnLine = output.isTTY === true;
    },
    end() {
      if (isOnLine) output.write("\n");
      isOnLine = false;
      shownAt = Number.NEGATIVE_INFINITY;
    },
  };
}

export function progressOf({ orders, couriers }: Book, traffic: Traffic, minute: number): string {
  const withStatus = (wanted: string) => orders.filter(({ status }) => status === wanted).length;
  const placed = orders.filter(({ orderId }) => orderId !== undefined).length;
  const onDuty = couriers.filter(
    (courier) => courier.onMinute !== undefined && courier.offMinute === undefined,
  );
  const busy = onDuty.filter(({ busySinceMinute }) => busySinceMinute !== undefined).length;
  return [
    timeOfDay(minute),
    `placed ${placed}/${orders.length}`,
    `delivered ${withStatus("delivered")}`,
    `cancelled ${withStatus("cancelled")}`,
    `open ${orders.filter(isOpen).length}`,
    `couriers ${onDuty.length} on duty, ${busy} busy`,
    `calls ${traffic.calls}`,
    `errors ${traffic.errorCount}`,
  ].join("  ");
}
