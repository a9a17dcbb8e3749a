import { html } from "htm/preact";
import { useMemo } from "preact/hooks";
import type { TownOrder } from "../api/bodies.ts";
import { ageSeconds, countdown } from "../live/staleness.ts";
import { t, timeOfDay } from "../ui/language.ts";
import { orderNumber } from "../ui/order-words.ts";
import { type Axis, axisAt, type Lane, lanesOf, shareOf } from "./lanes.ts";
import { type TownState, waitingOrders } from "./town-state.ts";
import { COURIER_STATES } from "./words.ts";

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
const WAITING_MAX = 8;

function Track({ stops, axis }: { stops: Lane["stops"]; axis: Axis }) {
  const shares = stops.map(({ atMs }) => shareOf(axis, atMs));
  const [first, last] = [Math.min(...shares), Math.max(...shares)];
  return html`<span class="track" aria-hidden="true">
    ${stops.length > 1 && html`<i style=${{ left: percent(first), width: percent(last - first) }}></i>`}
    ${stops.map(({ kind, isDone, isLate }, index) => {
      const sign = kind === "pickup" ? (isDone ? "▲" : "△") : "◆";
      return html`<b class=${`${kind}${isLate ? " late" : ""}`} style=${{ left: percent(shares[index] ?? 0) }}>${sign}</b>`;
    })}
  </span>`;
}

/** Drawn again only when what it shows has changed. */
function LaneRow({ lane, axis, isChosen }: { lane: Lane; axis: Axis; isChosen: boolean }) {
  const { courier, orders, stops } = lane;
  const { name, state } = courier;
  const what = stops.map(({ kind, atMs, isDone, isLate }) => `${kind}${atMs}${isDone}${isLate}`).join();
  const ids = orders.map(({ orderId }) => orderId).join();
  return useMemo(() => {
    const numbers = orders.map(({ orderId }) => orderNumber(orderId)).join(" ");
    const text = html`<span class="who"><b>${name}</b> <small>${t(COURIER_STATES[state])}</small></span>
      <${Track} stops=${stops} axis=${axis} />
      <span class="load">${numbers}</span>`;
    const [next] = orders;
    return html`<li class=${`lane ${state}${isChosen ? " chosen" : ""}`}>
      ${next ? html`<a href=${`#/town/${next.orderId}`}>${text}</a>` : html`<span>${text}</span>`}
    </li>`;
  }, [name, state, what, ids, axis.startMs, isChosen, t("Idle")]);
}

function Waiting({ orders, now }: { orders: TownOrder[]; now: number }) {
  if (orders.length === 0) return null;
  return html`<section class="waiting" aria-label=${t("Without a courier")}>
    <h2>⚠ ${t("Without a courier")} <span class="count">${orders.length}</span></h2>
    <ul>${orders.slice(0, WAITING_MAX).map(
      ({ orderId, restaurantName, placedAt, readyAt, assignBy }) => html`<li key=${orderId}>
        <a href=${`#/town/${orderId}`}>
          <b>${orderNumber(orderId)}</b> ${restaurantName} <b class="clock">${countdown(ageSeconds(placedAt, now))}</b>
          <small>${readyAt ? `${t("ready {time}", { time: timeOfDay(readyAt) })}, ` : ""}${
            assignBy ? t("gives up at {time}", { time: timeOfDay(assignBy) }) : ""
          }</small>
        </a>
      </li>`,
    )}</ul>
  </section>`;
}

/** Orders without a courier, then a lane per courier. */
export function LaneList({
  state,
  now,
  chosenId,
}: {
  state: TownState;
  now: number;
  chosenId: string | undefined;
}) {
  const axis = axisAt(now);
  const lanes = lanesOf(state, now);
  return html`<${Waiting} orders=${waitingOrders(state)} now=${now} />
    <section aria-label=${t("Couriers")}>
      <h2>${t("Couriers")} <span class="count">${lanes.length}</span></h2>
      <p class="quiet axis" aria-hidden="true">
        <span>${timeOfDay(axis.startMs)}</span>
        <span>△ ${t("Pick up")} ◆ ${t("Door")} <i class="now-sign"></i> ${t("now")}</span>
        <span>${timeOfDay(axis.endMs)}</span>
      </p>
      <div class="lanes" tabindex="0" role="group" aria-label=${t("A lane per courier")}>
        <ul>${lanes.map(
          (lane) => html`<${LaneRow} key=${lane.courier.courierId} lane=${lane} axis=${axis}
            isChosen=${lane.orders.some(({ orderId }) => orderId === chosenId)} />`,
        )}</ul>
        <div class="cursor" aria-hidden="true"><i style=${{ left: percent(shareOf(axis, now)) }}></i></div>
        ${lanes.length === 0 && html`<p class="quiet">${t("Nobody is on duty.")}</p>`}
      </div>
    </section>`;
}
