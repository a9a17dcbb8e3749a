import type { Refused } from "@food/client";
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import { Action } from "../ui/action.ts";
import { t } from "../ui/language.ts";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0"];
const DIGITS = 4;

/** The customer's PIN, by big keys or a keyboard. */
export function PinPad({ api, run }: { api: Api; run: (noting: Api, pin: string) => Promise<unknown> }) {
  const [pin, setPin] = useState("");
  const press = (key: string) =>
    setPin((before) => (key === "⌫" ? before.slice(0, -1) : (before + key).slice(0, DIGITS)));
  return html`<div class="pin-pad">
    <label class="field"><span>${t("PIN of the customer")}</span>
      <input inputmode="numeric" pattern="[0-9]{4}" maxlength=${DIGITS} autocomplete="off" value=${pin}
        onInput=${(event: Event) => setPin((event.target as HTMLInputElement).value.replace(/\D/g, ""))} />
    </label>
    <div class="keys" role="group" aria-label=${t("Digits")}>
      ${KEYS.map(
        (key) => html`<button key=${key} type="button" onClick=${() => press(key)}
        aria-label=${key === "⌫" ? t("Delete the last digit") : undefined}>${key}</button>`,
      )}
    </div>
    <${Action} api=${api} kind="main" label=${t("Hand over")} route="POST /v1/deliveries/{deliveryId}/deliver"
      disabled=${pin.length < DIGITS} run=${(noting: Api) => run(noting, pin)} onFailed=${(_: Refused) => setPin("")} />
  </div>`;
}
