import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Restaurant } from "../api/bodies.ts";
import { Action } from "../ui/action.ts";
import { Field } from "../ui/field.ts";
import { t } from "../ui/language.ts";
import { digitsOf, minorUnits } from "../ui/money.ts";

interface Props {
  api: Api;
  restaurant: Restaurant;
  onAdded: () => Promise<void>;
}

/** A simple dish. Options, diets and hours are set by the API. */
export function NewDish({ api, restaurant, onAdded }: Props) {
  const [name, setName] = useState("");
  const [category, setCategory] = useState("");
  const [price, setPrice] = useState("");
  const priceCents = minorUnits(price, digitsOf(restaurant.currency));
  const run = async (noting: Api) => {
    if (priceCents === undefined) return;
    const body = { name, category: category || t("Dishes"), description: "", priceCents, available: true };
    await noting.call("restaurant", "POST /v1/restaurants/me/dishes", { body });
    setName("");
    setPrice("");
    await onAdded();
  };
  return html`<form class="card narrow">
    <h2>${t("New dish")}</h2>
    <${Field} label=${t("Name")} required value=${name} onInput=${setName} />
    <${Field} label=${t("Category")} value=${category} onInput=${setCategory} />
    <${Field} label=${t("Price in {currency}", { currency: restaurant.currency })} inputmode="decimal" required value=${price} onInput=${setPrice} />
    <${Action} api=${api} isSubmit label=${t("Add dish")} route="POST /v1/restaurants/me/dishes" disabled=${priceCents === undefined} run=${run} />
  </form>`;
}
