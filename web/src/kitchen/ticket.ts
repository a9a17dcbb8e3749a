import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { ItemOption, Order, RejectReason } from "../api/bodies.ts";
import { ageSeconds, countdown, duration } from "../live/staleness.ts";
import { Action } from "../ui/action.ts";
import { t, timeOfDay } from "../ui/language.ts";
import { shortId } from "../ui/order-words.ts";
import { deadlineOf, isLate } from "./tickets.ts";

const REJECTIONS: Record<RejectReason, string> = {
  too_busy: "Too busy",
  item_unavailable: "A dish is not available",
  closing_early: "Closing early",
  other: "Another reason",
};
const SOON_S = 120;
const STEP_MINUTES = 5;

const optionText = ({ quantity, name, options = [] }: ItemOption): string =>
  `${quantity > 1 ? `${quantity} × ` : ""}${name}${options.length > 0 ? ` (${options.map((inner) => inner.name).join(", ")})` : ""}`;

function Clock({ order, now }: { order: Order; now: number }) {
  if (order.status === "ready") {
    const text = order.courier ? t("{name} comes", { name: order.courier.name }) : t("No courier yet");
    const at = order.pickupAt ? `, ${timeOfDay(order.pickupAt)}` : "";
    return html`<p class="clock">${text}${at}</p>`;
  }
  const left = Math.round((new Date(deadlineOf(order)).getTime() - now) / 1000);
  const state = isLate(order, now) ? "late" : left < SOON_S ? "soon" : "";
  const sign = state === "late" ? `⚠ ${t("late")} ` : state === "soon" ? `◔ ${t("soon")} ` : "";
  return html`<p class=${`clock ${state}`}>${sign}<b>${countdown(left)}</b> <span>${
    order.status === "pending" ? t("to answer") : t("until ready")
  }</span></p>`;
}

interface Props {
  api: Api;
  order: Order;
  now: number;
  usualMinutes: number;
  onMoved: (order: Order) => void;
}

export function Ticket({ api, order, now, usualMinutes, onMoved }: Props) {
  const [minutes, setMinutes] = useState(usualMinutes);
  const [isRefusing, setRefusing] = useState(false);
  const { orderId, status } = order;
  const number = shortId(orderId);
  const path = { orderId };
  const moves = {
    accept: (noting: Api) =>
      noting.call("restaurant", "POST /v1/orders/{orderId}/accept", { path, body: { prepMinutes: minutes } }),
    prepare: (noting: Api) => noting.call("restaurant", "POST /v1/orders/{orderId}/prepare", { path }),
    ready: (noting: Api) => noting.call("restaurant", "POST /v1/orders/{orderId}/ready", { path }),
  };
  const reject = (reason: RejectReason) => (noting: Api) =>
    noting.call("restaurant", "POST /v1/orders/{orderId}/reject", { path, body: { reason } });
  const button = (action: string, label: string, kind: string, move: (noting: Api) => Promise<Order>) =>
    html`<${Action} key=${action} api=${api} kind=${kind} label=${label} name=${`${label}: ${number}`}
      route=${`POST /v1/orders/{orderId}/${action}`} run=${async (noting: Api) => onMoved(await move(noting))} />`;
  return html`<article class=${`ticket card ${isLate(order, now) ? "late" : ""} ${status}`} aria-label=${t("Order {number}", { number })}>
    <header>
      <h3>#${number}</h3>
      <span class="quiet">${t("{duration} ago", { duration: duration(ageSeconds(order.placedAt, now)) })}</span>
      <${Clock} order=${order} now=${now} />
    </header>
    <ul class="items">
      ${order.items.map(
        (item) => html`<li><b>${item.quantity} × ${item.name}</b>
          ${item.options?.map((option) => html`<span>+ ${optionText(option)}</span>`)}
          ${item.note && html`<em>“${item.note}”</em>`}</li>`,
      )}
    </ul>
    ${
      status === "pending" &&
      html`<div class="minutes" role="group" aria-label=${t("Minutes until it is ready")}>
          <button type="button" class="plain" aria-label=${t("5 minutes less")} onClick=${() => setMinutes(Math.max(STEP_MINUTES, minutes - STEP_MINUTES))}>−5</button>
          <output>${minutes} min</output>
          <button type="button" class="plain" aria-label=${t("5 minutes more")} onClick=${() => setMinutes(Math.min(240, minutes + STEP_MINUTES))}>+5</button>
        </div>
        ${button("accept", t("Accept, {n} min", { n: minutes }), "main", moves.accept)}
        ${
          isRefusing
            ? html`<div class="reasons" role="group" aria-label=${t("Why not?")}>
                ${Object.entries(REJECTIONS).map(([reason, label]) => html`<div key=${reason}>${button("reject", t(label), "danger", reject(reason as RejectReason))}</div>`)}
                <button type="button" class="plain" onClick=${() => setRefusing(false)}>${t("Back")}</button>
              </div>`
            : html`<button type="button" class="plain" onClick=${() => setRefusing(true)}>${t("Reject …")}</button>`
        }`
    }
    ${status === "accepted" && button("prepare", t("Start cooking"), "main", moves.prepare)}
    ${status === "preparing" && button("ready", t("Ready"), "main", moves.ready)}
    ${status === "ready" && html`<p class="state good">✓ ${t("Ready to hand out")}</p>`}
  </article>`;
}
