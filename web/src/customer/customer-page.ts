import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Address } from "../api/bodies.ts";
import { language, t, timeOfDay } from "../ui/language.ts";
import { money } from "../ui/money.ts";
import { inWords } from "../ui/order-words.ts";
import { Problem } from "../ui/problem.ts";
import { SignIn, type SignUp } from "../ui/sign-in.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { useSession } from "../ui/use-session.ts";
import { AddressForm } from "./address-form.ts";
import { BrowseView } from "./browse-view.ts";
import { useCart } from "./cart.ts";
import { Checkout } from "./checkout.ts";
import { OrderView } from "./order-view.ts";
import { RestaurantView } from "./restaurant-view.ts";

const signUp = (): SignUp => ({
  route: "POST /v1/customers",
  create: (api, account, { name = "" }) =>
    api.call("customer", "POST /v1/customers", { body: { ...account, name } }),
  fields: [{ name: "name", label: t("Name") }],
});

function OrderList({ api }: { api: Api }) {
  const { value, error, isLoading } = useLoaded(
    () => api.call("customer", "GET /v1/orders", { query: { limit: 30 } }),
    [],
  );
  return html`<section>
    <h1>${t("My orders")}</h1>
    <${Problem} error=${error} />
    ${isLoading && !value && html`<p role="status">${t("Loading …")}</p>`}
    ${value?.items.length === 0 && html`<p class="quiet">${t("No order yet.")} <a href="#/customer">${t("Restaurants")}</a></p>`}
    <ul class="restaurants">
      ${value?.items.map(
        (order) => html`<li key=${order.orderId}><a class="card" href=${`#/customer/order/${order.orderId}`}>
          <b>${order.restaurantName}</b>
          <span>${inWords(order.status)}</span>
          <span class="quiet">${timeOfDay(order.placedAt)} · ${money(order.totalCents, order.currency, order.currencyExponent, language())}</span>
        </a></li>`,
      )}
    </ul>
  </section>`;
}

export function CustomerPage({ api, way }: { api: Api; way: string[] }) {
  const isSignedIn = useSession(api);
  const { cart, change } = useCart();
  const [addressId, setAddressId] = useState<string>();
  const addresses = useLoaded(
    async () => (isSignedIn ? (await api.call("customer", "GET /v1/customers/me/addresses", {})).items : []),
    [isSignedIn],
  );
  const [view = "", id = ""] = way;
  const list = addresses.value ?? [];
  const address = list.find((one) => one.addressId === addressId) ?? list[0];
  const added = (one: Address) => {
    setAddressId(one.addressId);
    void addresses.reload();
  };
  const signIn = html`<${SignIn} api=${api} title=${t("Customer")} demoEmail="customer-01@demo.example" signUp=${signUp()} />`;
  if (view === "order")
    return isSignedIn ? html`<${OrderView} key=${id} api=${api} orderId=${id} />` : signIn;
  if (view === "orders") return isSignedIn ? html`<${OrderList} api=${api} />` : signIn;
  if (view === "sign-in" && !isSignedIn) return signIn;
  if (view === "address" && isSignedIn)
    return html`<${AddressForm} api=${api} onAdded=${(one: Address) => {
      added(one);
      location.hash = "#/customer";
    }} />`;

  const side = () => {
    if (!cart) return null;
    if (!isSignedIn) return html`<aside>${signIn}</aside>`;
    if (!address)
      return addresses.isLoading ? null : html`<aside><${AddressForm} api=${api} onAdded=${added} /></aside>`;
    return html`<aside><${Checkout} api=${api} cart=${cart} addresses=${list} address=${address} onAddress=${setAddressId} onCart=${change} /></aside>`;
  };
  const count = cart?.lines.reduce((sum, { quantity }) => sum + quantity, 0) ?? 0;
  return html`
    <nav class="sub" aria-label=${t("Customer")}>
      <a href="#/customer">${t("Restaurants")}</a>
      ${
        isSignedIn
          ? html`<a href="#/customer/orders">${t("My orders")}</a><a href="#/customer/address">${t("New address")}</a>`
          : html`<a href="#/customer/sign-in">${t("Sign in")}</a>`
      }
      ${
        count > 0 &&
        html`<a href="#cart-title" onClick=${(event: Event) => {
          event.preventDefault();
          document.querySelector("aside")?.scrollIntoView();
        }}>${t("Cart ({n})", { n: count })}</a>`
      }
    </nav>
    <div class=${cart ? "shop with-cart" : "shop"}>
      ${
        view === "restaurant"
          ? html`<${RestaurantView} key=${id} api=${api} restaurantId=${id} cart=${cart} onCart=${change} />`
          : html`<${BrowseView} api=${api} near=${address?.location} />`
      }
      ${side()}
    </div>`;
}
