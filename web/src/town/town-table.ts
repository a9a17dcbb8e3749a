// The map as a table: every open order and every courier.
import { html } from "htm/preact";
import { useMemo, useState } from "preact/hooks";
import { ageSeconds, duration } from "../live/staleness.ts";
import { Field } from "../ui/field.ts";
import { t, timeOfDay } from "../ui/language.ts";
import { inWords, orderNumber } from "../ui/order-words.ts";
import { isLate, type TownState } from "./town-state.ts";
import { COURIER_STATES } from "./words.ts";

const fits = (words: (string | undefined)[], sought: string) =>
  words.some((word) => word?.toLowerCase().includes(sought));

/** `now` is the town's time. */
export function TownTable({ state, now }: { state: TownState; now: number }) {
  const [sought, setSought] = useState("");
  const word = sought.trim().toLowerCase().replace(/^#/, "");
  const minute = Math.floor(now / 15_000);
  const orders = useMemo(() => {
    const named = [...state.orders.values()].map((order) => ({
      order,
      courier: order.courierId && state.couriers.get(order.courierId)?.name,
    }));
    return named
      .filter(({ order, courier }) => fits([order.orderId, order.restaurantName, courier], word))
      .map(
        ({ order, courier }) => html`<tr key=${order.orderId}>
          <th scope="row"><a href=${`#/town/${order.orderId}`}>${orderNumber(order.orderId)}</a></th>
          <td>${order.restaurantName}</td>
          <td>${inWords(order.status)}</td>
          <td>${courier || t("none")}</td>
          <td>${timeOfDay(order.placedAt)}</td>
          <td>${timeOfDay(order.estimatedDeliveryAt)}${isLate(order, now) && html` <span class="bad">⚠ ${t("late")}</span>`}</td>
        </tr>`,
      );
  }, [state.orders, word, minute, t("late")]);
  const couriers = useMemo(
    () =>
      [...state.couriers.values()]
        .filter(({ name }) => fits([name], word))
        .map(
          (courier) => html`<tr key=${courier.courierId}>
            <th scope="row">${courier.name}</th>
            <td>${t(COURIER_STATES[courier.state])}</td>
            <td>${courier.location.lat.toFixed(4)}, ${courier.location.lng.toFixed(4)}</td>
            <td>${duration(ageSeconds(courier.locationAt, now))}</td>
          </tr>`,
        ),
    [state.couriers, word, t("late")],
  );
  const head = (...names: string[]) =>
    html`<thead><tr>${names.map((name) => html`<th scope="col">${t(name)}</th>`)}</tr></thead>`;
  return html`<div class="tables">
    <${Field} label=${t("Find an order, a restaurant or a courier")} type="search" value=${sought} onInput=${setSought} />
    <div class="scroll" tabindex="0" role="group" aria-label=${t("Open orders")}>
      <table>
        <caption>${t("Open orders")} <span class="count">${orders.length}</span></caption>
        ${head("Order", "Restaurant", "State", "Courier", "Placed", "At the door")}
        <tbody>${orders}</tbody>
      </table>
    </div>
    <div class="scroll" tabindex="0" role="group" aria-label=${t("Couriers")}>
      <table>
        <caption>${t("Couriers")} <span class="count">${couriers.length}</span></caption>
        ${head("Courier", "State", "Position", "Age")}
        <tbody>${couriers}</tbody>
      </table>
    </div>
  </div>`;
}
