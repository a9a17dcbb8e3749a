import { html } from "htm/preact";
import type { Api } from "../api/api.ts";
import type { Dish, Restaurant } from "../api/bodies.ts";
import { Action } from "../ui/action.ts";
import { t } from "../ui/language.ts";
import { Problem } from "../ui/problem.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { NewDish } from "./new-dish.ts";

async function allDishes(api: Api): Promise<Dish[]> {
  const items: Dish[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.call("restaurant", "GET /v1/restaurants/me/dishes", {
      query: { limit: 100, cursor },
    });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return items;
}

/** Every dish, to be sold out and back again at one tap. */
export function DishList({ api, restaurant }: { api: Api; restaurant: Restaurant | undefined }) {
  const { value, error, reload } = useLoaded(() => allDishes(api), [api]);
  const isSoldOut = ({ available, soldOutUntil }: Dish) =>
    !available || (soldOutUntil !== undefined && Date.parse(soldOutUntil) > Date.now());
  const flip = (dish: Dish) => async (noting: Api) => {
    const body = isSoldOut(dish)
      ? { available: true, ...(dish.soldOutUntil && { soldOutUntil: null }) }
      : { available: false };
    await noting.call("restaurant", "PATCH /v1/restaurants/me/dishes/{dishId}", {
      path: { dishId: dish.dishId },
      body,
    });
    await reload();
  };
  return html`<section>
    <${Problem} error=${error} />
    <ul class="dishes">
      ${value?.map(
        (dish) => html`<li key=${dish.dishId} class=${`card dish ${isSoldOut(dish) ? "sold-out" : ""}`}>
          <div><h2 class="name">${dish.name}</h2><p class="quiet" aria-live="polite">${isSoldOut(dish) ? `○ ${t("sold out")}` : `● ${t("on sale")}`}</p></div>
          <${Action} api=${api} kind=${isSoldOut(dish) ? "main" : "plain"} route="PATCH /v1/restaurants/me/dishes/{dishId}"
            label=${isSoldOut(dish) ? t("Sell again") : t("Sold out")} name=${`${isSoldOut(dish) ? t("Sell again") : t("Sold out")}: ${dish.name}`}
            run=${flip(dish)} />
        </li>`,
      )}
    </ul>
    ${restaurant && html`<${NewDish} api=${api} restaurant=${restaurant} onAdded=${reload} />`}
  </section>`;
}
