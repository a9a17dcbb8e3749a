import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Address } from "../api/bodies.ts";
import { POSITION_PATTERN, spotFrom } from "../map/position.ts";
import { Action } from "../ui/action.ts";
import { Field } from "../ui/field.ts";
import { t } from "../ui/language.ts";

const EMPTY = { label: "", line1: "", postalCode: "", city: "", country: "DE", position: "" };

/** A new address. The services know no geocoder, so the position is given or comes from the device. */
export function AddressForm({ api, onAdded }: { api: Api; onAdded: (address: Address) => void }) {
  const [values, setValues] = useState(EMPTY);
  const set = (name: keyof typeof EMPTY) => (value: string) =>
    setValues((before) => ({ ...before, [name]: value }));
  const locate = () =>
    navigator.geolocation?.getCurrentPosition(({ coords }) =>
      set("position")(`${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`),
    );
  async function run(noting: Api) {
    const { position, label, ...address } = values;
    const location = spotFrom(position);
    if (!location) return;
    const body = { ...address, label: label || t("Home"), location };
    onAdded(await noting.call("customer", "POST /v1/customers/me/addresses", { body }));
  }
  const field = (name: keyof typeof EMPTY, label: string, more: object = {}) =>
    html`<${Field} label=${label} value=${values[name]} onInput=${set(name)} required ...${more} />`;
  return html`<form class="card narrow">
    <h1 class="minor">${t("New address")}</h1>
    ${field("label", t("Label"), { required: false, hint: t("Such as Home or Work") })}
    ${field("line1", t("Street and number"), { autocomplete: "address-line1" })}
    <div class="two">
      ${field("postalCode", t("Postal code"), { autocomplete: "postal-code" })}
      ${field("city", t("City"), { autocomplete: "address-level2" })}
    </div>
    ${field("country", t("Country code"), { pattern: "[A-Z]{2}", maxlength: 2 })}
    ${field("position", t("Position: latitude, longitude"), { pattern: POSITION_PATTERN, hint: t("Such as 49.0175, 12.0974") })}
    <button type="button" class="plain" onClick=${locate}>${t("Use my position")}</button>
    <${Action} api=${api} kind="main" isSubmit label=${t("Save address")} route="POST /v1/customers/me/addresses" run=${run} />
  </form>`;
}
