import { html } from "htm/preact";
import type { OrderStatus } from "../api/bodies.ts";
import { t } from "../ui/language.ts";
import { ENDS, STEPS } from "../ui/order-words.ts";

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
