import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Restaurant } from "../api/bodies.ts";
import type { Spot } from "../map/plane.ts";
import { CallLink } from "../ui/action.ts";
import { language, t, timeOfDay } from "../ui/language.ts";
import { money } from "../ui/money.ts";
import { Problem } from "../ui/problem.ts";
import { useLoaded } from "../ui/use-loaded.ts";

const TYPING_MS = 250;

interface Hit {
  restaurant: Restaurant;
  dishes: { name: string }[];
}

function Hint({ restaurant }: { restaurant: Restaurant }) {
  if (restaurant.openNow) return html`<span class="state good">● ${t("open")}</span>`;
  const text = restaurant.opensAt
    ? t("closed, opens at {time}", { time: timeOfDay(restaurant.opensAt) })
    : t("closed");
  return html`<span class="state">○ ${text}</span>`;
}

export function BrowseView({ api, near }: { api: Api; near: Spot | undefined }) {
  const [typed, setTyped] = useState("");
  const [query, setQuery] = useState("");
  const [onlyOpen, setOnlyOpen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const place = near && `${near.lat},${near.lng}`;
  const route = query ? "GET /v1/search" : "GET /v1/restaurants";
  const found = useLoaded(async (): Promise<Hit[]> => {
    const given = {
      near: place,
      delivers: place ? true : undefined,
      open: onlyOpen ? true : undefined,
      limit: 50,
    };
    if (query) return (await api.call("customer", "GET /v1/search", { query: { ...given, query } })).items;
    const { items } = await api.call("customer", "GET /v1/restaurants", { query: given });
    return items.map((restaurant) => ({ restaurant, dishes: [] }));
  }, [query, onlyOpen, place]);
  const hits = found.value ?? [];
  return html`<section>
    <h1>${t("What would you like to eat?")}</h1>
    <form class="search" role="search" onSubmit=${(event: Event) => event.preventDefault()}>
      <label class="field grow"><span>${t("Dish, restaurant or cuisine")}</span>
        <input type="search" maxlength="100" value=${typed} onInput=${(event: Event) => setTyped((event.target as HTMLInputElement).value)} />
      </label>
      <label class="check"><input type="checkbox" checked=${onlyOpen} onChange=${() => setOnlyOpen(!onlyOpen)} /> ${t("Open now")}</label>
      <${CallLink} api=${api} route=${route} call=${undefined} />
    </form>
    <${Problem} error=${found.error} />
    <p role="status" class="quiet">${
      found.isLoading && !found.value
        ? t("Loading …")
        : near
          ? t("{n} deliver to your address", { n: hits.length })
          : t("{n} restaurants. Sign in and add an address to see who delivers to you.", { n: hits.length })
    }</p>
    <ul class="restaurants">
      ${hits.map(
        ({ restaurant, dishes }) => html`<li key=${restaurant.restaurantId}>
          <a class="card" href=${`#/customer/restaurant/${restaurant.restaurantId}`}>
            <b>${restaurant.name}</b>
            <span class="quiet">${restaurant.cuisines.join(" · ")}</span>
            ${dishes.length > 0 && html`<span>${dishes.map(({ name }) => name).join(", ")}</span>`}
            <span class="row"><${Hint} restaurant=${restaurant} />
              <span class="quiet">${restaurant.distanceMeters !== undefined && `${(restaurant.distanceMeters / 1000).toFixed(1)} km · `}${
                !restaurant.deliversByZone &&
                t("delivery {price}", {
                  price: money(restaurant.deliveryFeeCents, restaurant.currency, undefined, language()),
                })
              }</span></span>
          </a>
        </li>`,
      )}
    </ul>
  </section>`;
}
