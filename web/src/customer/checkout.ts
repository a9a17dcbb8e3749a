// The cart, its exact price, and placing it once.

import type { Refused } from "@food/client";
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Address } from "../api/bodies.ts";
import { Action, CallLink } from "../ui/action.ts";
import { Field } from "../ui/field.ts";
import { t } from "../ui/language.ts";
import { minorUnits } from "../ui/money.ts";
import { Problem } from "../ui/problem.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { type Cart, sendable, withQuantity } from "./cart.ts";
import { Stepper } from "./dish-form.ts";
import { PriceList } from "./price-list.ts";

interface Props {
  api: Api;
  cart: Cart;
  addresses: Address[];
  address: Address;
  onAddress: (addressId: string) => void;
  onCart: (cart: Cart | undefined) => void;
}

/** A key for each content, so that a repeated attempt places the same order, and a changed one another. */
const keys = new Map<string, string>();
function keyOf(content: string): string {
  const key = keys.get(content) ?? crypto.randomUUID();
  keys.set(content, key);
  return key;
}

export function Checkout({ api, cart, addresses, address, onAddress, onCart }: Props) {
  const [tip, setTip] = useState("");
  const [note, setNote] = useState("");
  const tipCents = minorUnits(tip || "0");
  const body = {
    restaurantId: cart.restaurantId,
    addressId: address.addressId,
    items: cart.lines.map(sendable),
    ...(tipCents !== undefined && tipCents > 0 && { tipCents }),
  };
  const quote = useLoaded(() => api.call("customer", "POST /v1/quotes", { body }), [JSON.stringify(body)]);

  async function place(noting: Api) {
    const quoteId = quote.value?.quoteId;
    const order = { ...body, ...(note && { note }), ...(quoteId && { quoteId }) };
    const header = { "idempotency-key": keyOf(JSON.stringify(order)) };
    const { orderId } = await noting.call("customer", "POST /v1/orders", { body: order, header });
    keys.clear();
    onCart(undefined);
    location.hash = `#/customer/order/${orderId}`;
  }
  /** The price has changed, or the quote is too old: shows the new one. */
  const refused = ({ status }: Refused) => status === 409 && void quote.reload();

  return html`<section class="card checkout" aria-labelledby="cart-title">
    <h2 id="cart-title">${t("Your cart")}</h2>
    <p class="quiet">${cart.restaurantName}</p>
    <ul class="lines">
      ${cart.lines.map(
        (line, index) => html`<li key=${`${line.dishId} ${line.chosen} ${line.note}`}>
          <span><b>${line.name}</b>${line.chosen && html`<small>${line.chosen}</small>`}${line.note && html`<small>“${line.note}”</small>`}</span>
          <${Stepper} name=${line.name} value=${line.quantity} max=${99} onChange=${(next: number) => onCart(withQuantity(cart, index, next))} />
        </li>`,
      )}
    </ul>
    <label class="field"><span>${t("Deliver to")}</span>
      <select value=${address.addressId} onChange=${(event: Event) => onAddress((event.target as HTMLSelectElement).value)}>
        ${addresses.map(({ addressId, label, line1 }) => html`<option key=${addressId} value=${addressId}>${label}, ${line1}</option>`)}
      </select>
    </label>
    <div class="two">
      <${Field} label=${t("Tip for the courier")} inputmode="decimal" value=${tip} onInput=${setTip} hint=${t("All of it is the courier's")} />
      <${Field} label=${t("Note for the door")} maxlength=${500} value=${note} onInput=${setNote} />
    </div>
    ${tipCents === undefined && html`<p class="problem" role="alert">✕ ${t("The tip is no amount.")}</p>`}
    <${Problem} error=${quote.error} />
    ${quote.value && html`<${PriceList} ...${quote.value} />`}
    <div class="row"><span class="quiet">${t("Exact price, held for five minutes")}</span>
      <${CallLink} api=${api} route="POST /v1/quotes" call=${undefined} /></div>
    <${Action} api=${api} kind="main" label=${t("Place order")} route="POST /v1/orders"
      disabled=${!quote.value || quote.isLoading || tipCents === undefined} run=${place} onFailed=${refused} />
  </section>`;
}
