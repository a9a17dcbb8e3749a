import { html } from "htm/preact";
import type { OrderStatus } from "../api/bodies.ts";
import { ageSeconds, countdown, duration } from "../live/staleness.ts";
import { t } from "../ui/language.ts";
import { inWords, orderNumber, STEPS } from "../ui/order-words.ts";
import { isLate, type TownState } from "./town-state.ts";

const OPEN: OrderStatus[] = STEPS.map(([status]) => status).filter((status) => status !== "delivered");
const minutes = (seconds: number | undefined) =>
  seconds === undefined ? "–" : t("{n} min", { n: Math.round(seconds / 60) });

/** The numbers over the town. `now` is the town's time. */
export function Numbers({ state, now }: { state: TownState; now: number }) {
  const { ordersByStatus, waiting, oldestWaiting, idleCouriers, staleCouriers, clickToDoor } = state.figures;
  const late = [...state.orders.values()].filter((order) => isLate(order, now)).length;
  const busy = state.couriers.size - idleCouriers - staleCouriers;
  return html`<dl class="numbers">
    <div class="card wide">
      <dt>${t("Open orders")}</dt>
      <dd><b>${state.orders.size}</b>${late > 0 && html` <span class="bad">⚠ ${t("{n} late", { n: late })}</span>`}</dd>
      <dd><ul class="by-status">${OPEN.map(
        (status) => html`<li key=${status}><b>${ordersByStatus[status] ?? 0}</b> ${inWords(status)}</li>`,
      )}</ul></dd>
    </div>
    <div class=${waiting > 0 ? "card urgent" : "card"}>
      <dt>${t("Without a courier")}</dt>
      <dd><b>${waiting}</b></dd>
      <dd class="quiet">${
        oldestWaiting
          ? html`<a href=${`#/town/${oldestWaiting.orderId}`}>${orderNumber(oldestWaiting.orderId)}</a>${" "}
              ${t("waits {time}", { time: countdown(ageSeconds(oldestWaiting.since, now)) })}`
          : t("Nothing waits.")
      }</dd>
    </div>
    <div class="card">
      <dt>${t("Couriers idle")}</dt>
      <dd><b>${idleCouriers}</b></dd>
      <dd class="quiet">${t("{busy} on a trip, {stale} with an old position", { busy, stale: staleCouriers })}</dd>
    </div>
    <div class="card wide">
      <dt>${t("Click to door")}</dt>
      <dd><b>${minutes(clickToDoor?.p50Seconds)}</b> <span class="quiet">p50</span>${" "}
        <b>${minutes(clickToDoor?.p90Seconds)}</b> <span class="quiet">p90</span></dd>
      <dd class="quiet">${
        clickToDoor
          ? t("{n} deliveries in an hour, {age} ago", {
              n: clickToDoor.deliveries,
              age: duration(ageSeconds(clickToDoor.at, now)),
            })
          : t("Not known yet")
      }</dd>
    </div>
  </dl>`;
}
