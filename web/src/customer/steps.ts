import type { OrderStatus } from "@food/shared/contracts/order";
import { html } from "htm/preact";
import { t } from "../ui/language.ts";

const STEPS: [OrderStatus, string][] = [
  ["pending", "Sent to the restaurant"],
  ["accepted", "Accepted"],
  ["preparing", "In the kitchen"],
  ["ready", "Ready for the courier"],
  ["out_for_delivery", "On the way"],
  ["delivered", "Delivered"],
];
const ENDS: Partial<Record<OrderStatus, string>> = {
  rejected: "The restaurant could not take the order",
  cancelled: "Cancelled",
  delivery_failed: "Could not be delivered",
};

export const inWords = (status: OrderStatus): string =>
  t(STEPS.find(([step]) => step === status)?.[1] ?? ENDS[status] ?? status);
export const hasEnded = (status: OrderStatus): boolean => status === "delivered" || status in ENDS;

/** Where an order is on its way, in signs and words. */
export function Steps({ status }: { status: OrderStatus }) {
  if (status in ENDS) return null;
  const at = STEPS.findIndex(([step]) => step === status);
  return html`<ol class="steps">
    ${STEPS.map(([step, name], index) => {
      const isDone = index < at || status === "delivered";
      return html`<li key=${step} class=${isDone ? "done" : index === at ? "now" : ""} aria-current=${index === at ? "step" : undefined}>
        <span aria-hidden="true">${isDone ? "✓" : index === at ? "◉" : "○"}</span> ${t(name)}
      </li>`;
    })}
  </ol>`;
}
