import { html } from "htm/preact";
import type { PriceComponent } from "../api/bodies.ts";
import { language, t } from "../ui/language.ts";
import { money } from "../ui/money.ts";

const NAMES: Partial<Record<PriceComponent["kind"], string>> = {
  delivery_fee: "Delivery",
  small_order_surcharge: "Small order surcharge",
  tax: "Tax",
  tip: "Tip for the courier",
};

interface Priced {
  components?: PriceComponent[];
  subtotalCents: number;
  totalCents: number;
  currency: string;
  currencyExponent?: number;
}

/** What a total adds up from. */
export function PriceList({
  components = [],
  subtotalCents,
  totalCents,
  currency,
  currencyExponent,
}: Priced) {
  const price = (cents: number) => money(cents, currency, currencyExponent, language());
  return html`<dl class="prices">
    <div><dt>${t("Dishes")}</dt><dd>${price(subtotalCents)}</dd></div>
    ${components
      .filter(({ kind }) => kind in NAMES)
      .map(
        ({ kind, included, amountCents }) => html`<div class=${included ? "quiet" : ""}>
          <dt>${t(NAMES[kind] ?? kind)}${included && ` (${t("included")})`}</dt><dd>${price(amountCents)}</dd>
        </div>`,
      )}
    <div class="total"><dt>${t("Total")}</dt><dd>${price(totalCents)}</dd></div>
  </dl>`;
}
