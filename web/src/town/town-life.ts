// Lets the demo town live, by the launcher that serves these pages.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../ui/language.ts";

const SPEEDS = [1, 6, 20];
const FIRST = 6;

/** The speed; null while the town rests, undefined when the launcher does not answer. */
async function ask(method: "GET" | "POST" | "DELETE", body?: object): Promise<number | null | undefined> {
  const headers = { "content-type": "application/json" };
  const sent = { method, ...(body && { headers, body: JSON.stringify(body) }) };
  const answer = await fetch("demo", sent).catch(() => undefined);
  return answer?.ok ? ((await answer.json()) as { speed: number | null }).speed : undefined;
}

export function TownLife() {
  const [speed, setSpeed] = useState<number | null>();
  const [wanted, setWanted] = useState(FIRST);
  useEffect(() => void ask("GET").then(setSpeed), []);
  if (speed === undefined) return null;
  const lives = speed !== null;
  return html`<section class="card life" aria-label=${t("The demo town")}>
    <h2>${t("The demo town")}</h2>
    <p role="status">${
      lives
        ? `● ${t("It lives, {n} times faster than life: customers order, kitchens cook, couriers ride.", { n: speed })}`
        : `○ ${t("It rests.")}`
    }</p>
    <div class="row">
      <label class="field"><span>${t("Speed")}</span>
        <select value=${lives ? speed : wanted} disabled=${lives}
          onChange=${(event: Event) => setWanted(Number((event.target as HTMLSelectElement).value))}>
          ${SPEEDS.map((one) => html`<option key=${one} value=${one}>${t("{n} times", { n: one })}</option>`)}
        </select>
      </label>
      <button type="button" class=${lives ? "plain" : "main"}
        onClick=${async () => setSpeed(await (lives ? ask("DELETE") : ask("POST", { speed: wanted })))}>
        ${lives ? t("Stop it") : t("Let it live")}
      </button>
    </div>
  </section>`;
}
