// One order as an operator sees it: its timeline, why this courier, and help by hand.

import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { HelpedOrder } from "../api/bodies.ts";
import { Action } from "../ui/action.ts";
import { Field } from "../ui/field.ts";
import { t, timeOfDay, timeWithSeconds } from "../ui/language.ts";
import { money } from "../ui/money.ts";
import { hasEnded, inWords, orderNumber, shortId } from "../ui/order-words.ts";
import { Problem } from "../ui/problem.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { ACTORS, EVENTS } from "./words.ts";

type Event = HelpedOrder["timeline"][number];
const REASON_MAX = 200;
const minutes = (seconds: number) => t("{n} min", { n: Math.round(seconds / 60) });

function Why({ why }: { why: NonNullable<Event["why"]> }) {
  const { distanceMeters, courierWaitSeconds, foodWaitSeconds, bundleSize, alternatives } = why;
  return html`<ul class="why">
    <li>${t("{n} m from the restaurant", { n: distanceMeters })}</li>
    <li>${t("courier waits {time}", { time: minutes(courierWaitSeconds) })}, ${t("food waits {time}", { time: minutes(foodWaitSeconds) })}</li>
    <li>${t("orders on the trip: {n}", { n: bundleSize })}, ${t("other possible couriers: {n}", { n: alternatives })}</li>
  </ul>`;
}

function Timeline({ events }: { events: Event[] }) {
  return html`<ol class="timeline">${events.map(
    ({ sequence, type, actor, at, reason, why, prepMinutes }) => html`<li key=${sequence}>
      <time datetime=${at}>${timeWithSeconds(at)}</time>
      <div>
        <b>${t(EVENTS[type] ?? type)}</b> <span class="quiet">${t(ACTORS[actor.role] ?? actor.role)}</span>
        ${prepMinutes !== undefined && html` <span class="quiet">${t("{n} min", { n: prepMinutes })}</span>`}
        ${reason && html`<p>“${reason}”</p>`}
        ${why && html`<details><summary>${t("Why this courier?")}</summary><${Why} why=${why} /></details>`}
      </div>
    </li>`,
  )}</ol>`;
}

function Help({ api, helped, onHelped }: { api: Api; helped: HelpedOrder; onHelped: () => Promise<void> }) {
  const [reason, setReason] = useState("");
  const { orderId, courier } = helped.order;
  const isMissing = reason.trim() === "";
  const help = (action: "reassign" | "complete" | "cancel", label: string, kind: string, more = {}) => {
    const route = `POST /v1/town/orders/{orderId}/${action}` as const;
    const body = { reason: reason.trim(), ...more };
    const run = async (noting: Api) => {
      await noting.call("order", route, { path: { orderId }, body });
      setReason("");
      await onHelped();
    };
    return html`<${Action} api=${api} kind=${kind} label=${label} route=${route} run=${run}
      disabled=${isMissing || (action === "reassign" && !courier)} onFailed=${onHelped} />`;
  };
  return html`<section class="help" aria-label=${t("Help by hand")}>
    <h3>${t("Help by hand")}</h3>
    <${Field} label=${t("Reason")} value=${reason} onInput=${setReason} maxlength=${REASON_MAX}
      hint=${t("It stands in the timeline. Without a reason the buttons rest.")} />
    ${help(
      "reassign",
      courier
        ? t("Take it from {name}, find another courier", { name: courier.name })
        : t("Find another courier"),
      "plain",
      courier && { courierId: courier.courierId },
    )}
    ${help("complete", t("It is delivered"), "plain")}
    ${help("cancel", t("Cancel order"), "danger")}
  </section>`;
}

interface Props {
  api: Api;
  orderId: string;
  /** Changes when the order does. */
  version: number | undefined;
  /** Of the same trip. */
  together: string[];
}

export function OrderPanel({ api, orderId, version, together }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const loaded = useLoaded(
    () => api.call("order", "GET /v1/town/orders/{orderId}", { path: { orderId } }),
    [orderId, version],
  );
  useEffect(() => heading.current?.focus(), [orderId]);
  const helped = loaded.value?.order.orderId === orderId ? loaded.value : undefined;
  const order = helped?.order;
  const others = together.filter((id) => id !== orderId);
  return html`<section class="card order" aria-label=${t("Order {number}", { number: shortId(orderId) })}>
    <div class="title-row">
      <h2 tabindex="-1" ref=${heading}>${t("Order {number}", { number: orderNumber(orderId) })}</h2>
      <a href="#/town">✕ ${t("Close")}</a>
    </div>
    <${Problem} error=${loaded.error} />
    ${!order && !loaded.error && html`<p role="status">${t("Loading …")}</p>`}
    ${
      helped &&
      order &&
      html`<p class="big" aria-live="polite">${inWords(order.status)}</p>
        ${order.reason && html`<p>“${order.reason}”</p>`}
        <p>${order.restaurantName} → ${order.deliveryAddress.line1}, ${money(order.totalCents, order.currency, order.currencyExponent)}</p>
        <p>${order.courier ? t("Courier: {name}", { name: order.courier.name }) : t("No courier yet")}${
          hasEnded(order.status)
            ? ""
            : `, ${t("at the door about {time}", { time: timeOfDay(order.estimatedDeliveryAt) })}`
        }</p>
        ${
          others.length > 0 &&
          html`<p>${t("On the same trip:")} ${others.map((id) => html`<a key=${id} href=${`#/town/${id}`}>${orderNumber(id)}</a> `)}</p>`
        }
        <${Timeline} events=${helped.timeline} />
        ${!hasEnded(order.status) && html`<${Help} key=${orderId} api=${api} helped=${helped} onHelped=${loaded.reload} />`}`
    }
  </section>`;
}
