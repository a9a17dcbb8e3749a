import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { MenuDish } from "../api/bodies.ts";
import { language, t, timeOfDay } from "../ui/language.ts";
import { money } from "../ui/money.ts";
import { Problem } from "../ui/problem.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { type Cart, type CartLine, withLine } from "./cart.ts";
import { DishForm } from "./dish-form.ts";

function why({ unavailableBecause, availableFrom }: MenuDish): string {
  const reason = unavailableBecause === "outside_hours" ? t("not at this time") : t("sold out");
  return availableFrom ? `${reason}, ${t("again at {time}", { time: timeOfDay(availableFrom) })}` : reason;
}

interface Props {
  api: Api;
  restaurantId: string;
  cart: Cart | undefined;
  onCart: (cart: Cart) => void;
}

export function RestaurantView({ api, restaurantId, cart, onCart }: Props) {
  const path = { restaurantId };
  const { value, error } = useLoaded(
    () =>
      Promise.all([
        api.call("customer", "GET /v1/restaurants/{restaurantId}", { path }),
        api.call("customer", "GET /v1/restaurants/{restaurantId}/menu", { path }),
      ]),
    [restaurantId],
  );
  const [dish, setDish] = useState<MenuDish>();
  if (!value)
    return html`<${Problem} error=${error} />${!error && html`<p role="status">${t("Loading …")}</p>`}`;
  const [restaurant, menu] = value;
  const price = (cents: number) => money(cents, menu.currency, menu.currencyExponent, language());
  const add = (line: CartLine) =>
    onCart(withLine(cart, { restaurantId, restaurantName: restaurant.name }, line));
  return html`<section>
    <a class="back" href="#/customer">← ${t("Restaurants")}</a>
    <h1>${restaurant.name}</h1>
    <p class="quiet">${restaurant.cuisines.join(" · ")} · ${
      restaurant.openNow
        ? t("open")
        : restaurant.opensAt
          ? t("closed, opens at {time}", { time: timeOfDay(restaurant.opensAt) })
          : t("closed")
    } · ${t("about {n} min to cook", { n: restaurant.prepMinutes })}</p>
    ${menu.categories.map(
      ({ name, dishes }) => html`<h2 key=${name}>${name}</h2>
        <ul class="dishes">
          ${dishes.map(
            (one) => html`<li key=${one.dishId} class="card dish">
              <div>
                <h3>${one.name}</h3>
                ${one.description && html`<p class="quiet">${one.description}</p>`}
                ${one.diets && one.diets.length > 0 && html`<p class="tags">${one.diets.map((diet) => html`<span>${t(diet)}</span>`)}</p>`}
              </div>
              <div class="dish-side">
                <b>${price(one.priceCents)}</b>
                <button type="button" class="plain" disabled=${!one.available} onClick=${() => setDish(one)}
                  aria-label=${one.available ? t("Choose {name}", { name: one.name }) : undefined}>
                  ${one.available ? t("Choose") : why(one)}
                </button>
              </div>
            </li>`,
          )}
        </ul>`,
    )}
    ${dish && html`<${DishForm} key=${dish.dishId} dish=${dish} menu=${menu} onAdd=${add} onClose=${() => setDish(undefined)} />`}
  </section>`;
}
