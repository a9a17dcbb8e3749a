import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Menu, MenuDish, OptionGroup } from "../api/bodies.ts";
import { language, t } from "../ui/language.ts";
import { money } from "../ui/money.ts";
import type { CartLine } from "./cart.ts";
import { type Choices, firstChoices, inWords, offeredGroups, priceOf, toOptions } from "./choices.ts";

interface Priced {
  currency: string;
  currencyExponent: number;
}

export function Stepper({
  name,
  value,
  max,
  onChange,
}: {
  name: string;
  value: number;
  max: number;
  onChange: (value: number) => void;
}) {
  return html`<span class="stepper" role="group" aria-label=${name}>
    <button type="button" aria-label=${t("One less: {name}", { name })} disabled=${value <= 0} onClick=${() => onChange(value - 1)}>−</button>
    <output>${value}</output>
    <button type="button" aria-label=${t("One more: {name}", { name })} disabled=${value >= max} onClick=${() => onChange(value + 1)}>+</button>
  </span>`;
}

interface GroupProps {
  group: OptionGroup;
  quantities: Record<string, number>;
  onChange: (optionId: string, quantity: number, isOnly: boolean) => void;
  priced: Priced;
  scope: string;
}

function Group({ group, quantities, onChange, priced, scope }: GroupProps) {
  const { name, minSelections, maxSelections, options } = group;
  const isSingle = maxSelections === 1;
  const chosen = options.reduce((sum, { optionId }) => sum + (quantities[optionId] ?? 0), 0);
  const rule =
    minSelections > 0
      ? t("Choose {n}", {
          n: minSelections === maxSelections ? minSelections : `${minSelections}–${maxSelections}`,
        })
      : t("Up to {n}", { n: maxSelections });
  return html`<fieldset>
    <legend>${name} <small>${rule}</small></legend>
    ${options.map(({ optionId, name: optionName, priceCents, available, maxQuantity }) => {
      const quantity = quantities[optionId] ?? 0;
      const price =
        priceCents > 0 ? `+ ${money(priceCents, priced.currency, priced.currencyExponent, language())}` : "";
      const label = html`<span>${optionName}${!available && html` <small>(${t("sold out")})</small>`}</span><span class="quiet">${price}</span>`;
      if (!isSingle && maxQuantity > 1)
        return html`<div class="option" key=${optionId}>
          ${label}<${Stepper} name=${optionName} value=${quantity}
            max=${available ? Math.min(maxQuantity, quantity + maxSelections - chosen) : 0}
            onChange=${(next: number) => onChange(optionId, next, false)} />
        </div>`;
      const type = isSingle && minSelections === 1 ? "radio" : "checkbox";
      return html`<label class="option" key=${optionId}>
        <input type=${type} name=${`${scope}${group.optionGroupId}`} checked=${quantity > 0}
          disabled=${!available || (!isSingle && quantity === 0 && chosen >= maxSelections)}
          onChange=${(event: Event) => onChange(optionId, (event.target as HTMLInputElement).checked ? 1 : 0, isSingle)} />
        ${label}
      </label>`;
    })}
  </fieldset>`;
}

/** A dialog with the options of a dish. */
export function DishForm({
  dish,
  menu,
  onAdd,
  onClose,
}: {
  dish: MenuDish;
  menu: Menu;
  onAdd: (line: CartLine) => void;
  onClose: () => void;
}) {
  const all = menu.optionGroups ?? [];
  const groups = offeredGroups(dish.optionGroups, all);
  const [choices, setChoices] = useState<Choices>(() => firstChoices(groups));
  const [quantity, setQuantity] = useState(1);
  const [note, setNote] = useState("");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const options = toOptions(choices);
  const total = quantity * priceOf(dish.priceCents, options, all);

  function choose(group: OptionGroup, optionId: string, next: number, isOnly: boolean) {
    setChoices((before) => {
      const others = isOnly ? group.options.map((option) => option.optionId) : [];
      const kept = Object.entries(before).filter(([id]) => !others.includes(id));
      return {
        ...Object.fromEntries(kept),
        [optionId]: { quantity: next, inner: isOnly ? {} : (before[optionId]?.inner ?? {}) },
      };
    });
  }
  function chooseInner(outer: string, group: OptionGroup, optionId: string, next: number, isOnly: boolean) {
    setChoices((before) => {
      const { quantity: count = 1, inner = {} } = before[outer] ?? {};
      const others = isOnly ? group.options.map((option) => option.optionId) : [];
      const kept = Object.fromEntries(Object.entries(inner).filter(([id]) => !others.includes(id)));
      return { ...before, [outer]: { quantity: count, inner: { ...kept, [optionId]: next } } };
    });
  }

  const quantities = Object.fromEntries(
    Object.entries(choices).map(([id, { quantity: count }]) => [id, count]),
  );
  return html`<dialog ref=${dialog} onClose=${onClose} aria-labelledby="dish-name">
    <form method="dialog" onSubmit=${() => onAdd({ dishId: dish.dishId, name: dish.name, quantity, options, chosen: inWords(options, all), note })}>
      <h2 id="dish-name">${dish.name}</h2>
      ${dish.description && html`<p class="quiet">${dish.description}</p>`}
      ${groups.map(
        (group) => html`<div key=${group.optionGroupId}>
          <${Group} group=${group} quantities=${quantities} priced=${menu} scope=""
            onChange=${(id: string, next: number, isOnly: boolean) => choose(group, id, next, isOnly)} />
          ${group.options
            .filter(({ optionId }) => (quantities[optionId] ?? 0) > 0)
            .flatMap((option) =>
              offeredGroups(option.optionGroups, all).map(
                (inner) => html`<div class="inner" key=${`${option.optionId} ${inner.optionGroupId}`}>
                  <${Group} group=${{ ...inner, name: `${option.name}: ${inner.name}` }} priced=${menu} scope=${option.optionId}
                    quantities=${choices[option.optionId]?.inner ?? {}}
                    onChange=${(id: string, next: number, isOnly: boolean) => chooseInner(option.optionId, inner, id, next, isOnly)} />
                </div>`,
              ),
            )}
        </div>`,
      )}
      <label class="field"><span>${t("Note for the kitchen")}</span>
        <input maxlength="200" value=${note} onInput=${(event: Event) => setNote((event.target as HTMLInputElement).value)} />
      </label>
      <div class="bar">
        <${Stepper} name=${dish.name} value=${quantity} max=${99} onChange=${(next: number) => setQuantity(Math.max(1, next))} />
        <button class="main" type="submit">${t("Add for {price}", { price: money(total, menu.currency, menu.currencyExponent, language()) })}</button>
        <button class="plain" type="button" onClick=${() => dialog.current?.close()}>${t("Close")}</button>
      </div>
    </form>
  </dialog>`;
}
