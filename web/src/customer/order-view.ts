// One order, followed live.

import type { StreamEvent } from "@food/client";
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { CourierLocation, LiveStatus, Order } from "../api/bodies.ts";
import { ageSeconds, duration, freshnessOf } from "../live/staleness.ts";
import { useStream } from "../live/use-stream.ts";
import { type Place, Schematic } from "../map/schematic.ts";
import { Action, CallLink } from "../ui/action.ts";
import { Field } from "../ui/field.ts";
import { t, timeOfDay } from "../ui/language.ts";
import { LinkBar } from "../ui/link-bar.ts";
import { minorUnits } from "../ui/money.ts";
import { hasEnded, inWords } from "../ui/order-words.ts";
import { Problem } from "../ui/problem.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { useNow } from "../ui/use-now.ts";
import { PriceList } from "./price-list.ts";
import { Steps } from "./steps.ts";

type Live = Partial<LiveStatus>;

function Tip({ api, order, onChanged }: { api: Api; order: Order; onChanged: () => void }) {
  const [text, setText] = useState("");
  const tipCents = minorUnits(text, order.currencyExponent);
  const run = async (noting: Api) => {
    if (tipCents === undefined) return;
    const { orderId } = order;
    await noting.call("customer", "PUT /v1/orders/{orderId}/tip", { path: { orderId }, body: { tipCents } });
    onChanged();
  };
  return html`<form class="row tip">
    <${Field} label=${t("Tip for the courier")} inputmode="decimal" required value=${text} onInput=${setText} />
    <${Action} api=${api} isSubmit label=${t("Give this tip")} route="PUT /v1/orders/{orderId}/tip" disabled=${tipCents === undefined} run=${run} />
  </form>`;
}

function whereabouts(courier: CourierLocation | undefined, nowMs: number, isUp: boolean): string {
  if (!courier) return t("The courier's position is not known.");
  const age = ageSeconds(courier.recordedAt, nowMs);
  const text = t("Courier seen {duration} ago", { duration: duration(age) });
  return freshnessOf(age) === "fresh" && isUp ? `${text}.` : `${text}, ${t("may be elsewhere now")}.`;
}

export function OrderView({ api, orderId }: { api: Api; orderId: string }) {
  const now = useNow();
  const path = { orderId };
  const loaded = useLoaded(async () => {
    const order = await api.call("customer", "GET /v1/orders/{orderId}", { path });
    const restaurant = await api
      .call("customer", "GET /v1/restaurants/{restaurantId}", {
        path: { restaurantId: order.restaurantId },
        quiet: true,
      })
      .catch(() => undefined);
    return { order, restaurant };
  }, [orderId]);
  const [live, setLive] = useState<Live>({});
  function onEvent({ event, data }: StreamEvent) {
    if (event === "location")
      setLive((before) => ({ ...before, courierLocation: data as unknown as CourierLocation }));
    if (event === "snapshot" || event === "status") {
      setLive((before) => ({ ...before, ...(data as Live) }));
      if (loaded.value?.order.status !== data.status) void loaded.reload();
    }
    if (event === "estimate")
      setLive((before) => ({ ...before, estimatedDeliveryAt: String(data.estimatedDeliveryAt) }));
  }
  const link = useStream(api, "order", "/v1/orders/{orderId}/events", onEvent, { params: path });
  if (!loaded.value)
    return loaded.error
      ? html`<${Problem} error=${loaded.error} />`
      : html`<p role="status">${t("Loading …")}</p>`;

  const { order, restaurant } = loaded.value;
  const status = live.status ?? order.status;
  const isOver = hasEnded(status);
  const reason = live.reason ?? order.reason;
  const courier = live.courier ?? order.courier;
  const isGrey = link.isUp === false;
  const age = live.courierLocation ? ageSeconds(live.courierLocation.recordedAt, now) : undefined;
  const places: Place[] = [
    ...(restaurant
      ? [{ ...restaurant.address.location, kind: "restaurant" as const, label: order.restaurantName }]
      : []),
    { ...order.deliveryAddress.location, kind: "door", label: t("You") },
    ...(live.courierLocation && !isOver && age !== undefined && freshnessOf(age) !== "gone"
      ? [
          {
            ...live.courierLocation.location,
            kind: "courier" as const,
            label: courier?.name ?? t("Courier"),
            isStale: freshnessOf(age) === "stale" || isGrey,
          },
        ]
      : []),
  ];
  const cancel = async (noting: Api) => {
    await noting.call("customer", "POST /v1/orders/{orderId}/cancel", { path });
    await loaded.reload();
  };
  const stops = live.stopsBefore ?? order.stopsBefore ?? 0;
  const isAssigned = courier !== undefined && !isOver;
  return html`<section>
    <a class="back" href="#/customer/orders">← ${t("My orders")}</a>
    <div class="title-row">
      <h1 aria-live="polite">${inWords(status)}</h1>
      ${!isOver && html`<${LinkBar} link=${link} />`}
    </div>
    ${reason && html`<p>${t("Reason")}: ${t(reason)}</p>`}
    <div class=${isGrey && !isOver ? "follow grey" : "follow"}>
      <div class="card">
        ${
          !isOver &&
          html`<p class="eta">${t("About")} <b>${timeOfDay(live.estimatedDeliveryAt ?? order.estimatedDeliveryAt)}</b></p>
            ${isAssigned && html`<p>${courier.name} ${t("brings it.")} ${stops > 0 && t("{n} doors before yours.", { n: stops })}</p>`}
            ${status === "pending" && html`<p class="quiet">${t("The restaurant answers before {time}.", { time: timeOfDay(order.acceptBy) })}</p>`}`
        }
        <${Steps} status=${status} />
        ${
          order.handoverPin &&
          !isOver &&
          html`<div class="pin"><span>${t("PIN for the courier, at the door")}</span><output aria-label="PIN">${order.handoverPin}</output></div>`
        }
        ${
          ["pending", "accepted", "preparing", "ready"].includes(status) &&
          html`<${Action} api=${api} kind="danger" label=${t("Cancel order")} route="POST /v1/orders/{orderId}/cancel" run=${cancel} />`
        }
      </div>
      <div class="card">
        ${
          !isOver &&
          html`<${Schematic} places=${places} isGrey=${isGrey} route=${places.slice(0, 2)}
          summary=${isAssigned ? whereabouts(live.courierLocation, now, !isGrey) : t("No courier yet.")} />`
        }
        <h2>${order.restaurantName}</h2>
        <ul class="lines">${order.items.map(
          (item) =>
            html`<li><span><b>${item.quantity} × ${item.name}</b>${
              item.options &&
              html`<small>${item.options.map(({ quantity, name }) => (quantity > 1 ? `${quantity} × ${name}` : name)).join(", ")}</small>`
            }</span></li>`,
        )}</ul>
        <${PriceList} ...${order} />
        ${status !== "cancelled" && status !== "rejected" && html`<${Tip} api=${api} order=${order} onChanged=${loaded.reload} />`}
        <p class="row"><span class="quiet">${t("Order")} <code>${orderId}</code></span>
          <${CallLink} api=${api} service="order" route="GET /v1/orders/{orderId}/events" call=${undefined} /></p>
      </div>
    </div>
  </section>`;
}
