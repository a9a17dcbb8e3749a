// The next stop, with the big buttons for what is to do there.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Delivery, FailReason, Stop, Trip } from "../api/bodies.ts";
import { countdown } from "../live/staleness.ts";
import { Action } from "../ui/action.ts";
import { t, timeOfDay } from "../ui/language.ts";
import { orderNumber } from "../ui/order-words.ts";
import { useNow } from "../ui/use-now.ts";
import { PinPad } from "./pin-pad.ts";

const FAILURES: Record<FailReason, string> = {
  customer_unavailable: "Nobody opens",
  address_unreachable: "The address cannot be reached",
  refused: "The customer refuses it",
  damaged: "It is damaged",
};

interface Props {
  api: Api;
  trip: Trip;
  stop: Stop;
  deliveries: ReadonlyMap<string, Delivery>;
  onDone: () => Promise<void>;
}

function Pickup({ api, trip, stop, onDone }: Props) {
  const now = useNow();
  const act = (action: "arrive" | "pickup" | "decline") => async (noting: Api) => {
    await noting.call("delivery", `POST /v1/trips/{tripId}/${action}`, { path: { tripId: trip.tripId } });
    await onDone();
  };
  const left = stop.readyAt ? Math.round((Date.parse(stop.readyAt) - now) / 1000) : undefined;
  const waiting =
    left === undefined ? t("Not ready yet") : t("Not ready yet: {time}", { time: countdown(left) });
  return html`
    <p aria-live="polite" class=${stop.ready ? "state good big" : "state big"}>${stop.ready ? `✓ ${t("The food is ready")}` : `◔ ${waiting}`}</p>
    ${
      trip.arrivedAt
        ? html`<p class="quiet">✓ ${t("At the restaurant since {time}", { time: timeOfDay(trip.arrivedAt) })}</p>`
        : html`<${Action} api=${api} label=${t("I am at the restaurant")} route="POST /v1/trips/{tripId}/arrive" run=${act("arrive")} />`
    }
    <${Action} api=${api} kind="main" label=${t("Picked up")} route="POST /v1/trips/{tripId}/pickup" run=${act("pickup")} />
    <${Action} api=${api} kind="danger" label=${t("Decline the trip")} route="POST /v1/trips/{tripId}/decline" run=${act("decline")} />`;
}

function DropOff({ api, stop, deliveries, onDone }: Props) {
  const [isFailing, setFailing] = useState(false);
  const [deliveryId = ""] = stop.deliveryIds;
  const delivery = deliveries.get(deliveryId);
  const path = { deliveryId };
  const arrive = async (noting: Api) => {
    await noting.call("delivery", "POST /v1/deliveries/{deliveryId}/arrive", { path });
    await onDone();
  };
  const deliver = async (noting: Api, pin: string) => {
    await noting.call("delivery", "POST /v1/deliveries/{deliveryId}/deliver", { path, body: { pin } });
    await onDone();
  };
  const fail = (reason: FailReason) => async (noting: Api) => {
    await noting.call("delivery", "POST /v1/deliveries/{deliveryId}/fail", { path, body: { reason } });
    await onDone();
  };
  const contact = delivery?.dropoff?.contact;
  return html`
    ${contact && html`<p>${contact.name}${contact.phone && html` · <a href=${`tel:${contact.phone}`}>${contact.phone}</a>`}</p>`}
    ${delivery?.dropoff?.note && html`<p><em>“${delivery.dropoff.note}”</em></p>`}
    ${
      delivery?.arrivedAt
        ? html`<p class="quiet">✓ ${t("At the door since {time}", { time: timeOfDay(delivery.arrivedAt) })}</p>`
        : html`<${Action} api=${api} label=${t("I am at the door")} route="POST /v1/deliveries/{deliveryId}/arrive" run=${arrive} />`
    }
    <${PinPad} key=${deliveryId} api=${api} run=${deliver} />
    ${
      isFailing
        ? html`<div class="reasons" role="group" aria-label=${t("Why not?")}>
            ${Object.entries(FAILURES).map(
              ([reason, label]) => html`<${Action} key=${reason} api=${api} kind="danger" label=${t(label)}
                route="POST /v1/deliveries/{deliveryId}/fail" run=${fail(reason as FailReason)} />`,
            )}
            <button type="button" class="plain" onClick=${() => setFailing(false)}>${t("Back")}</button>
          </div>`
        : html`<button type="button" class="plain" onClick=${() => setFailing(true)}>${t("Could not hand over …")}</button>`
    }`;
}

export function StopCard(props: Props) {
  const { stop } = props;
  const isPickup = stop.action === "pickup";
  return html`<section class="card stop">
    <p class="quiet">${isPickup ? t("Pick up") : t("Hand over")} · ${stop.orderIds.map(orderNumber).join(", ")} · ${t("about {time}", { time: timeOfDay(stop.expectedAt) })}</p>
    <h2>${isPickup ? (stop.name ?? t("Restaurant")) : stop.address.line1}</h2>
    <p>${isPickup ? `${stop.address.line1}, ` : ""}${stop.address.postalCode} ${stop.address.city}</p>
    ${isPickup ? html`<${Pickup} ...${props} />` : html`<${DropOff} ...${props} />`}
  </section>`;
}
