import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Trip } from "../api/bodies.ts";
import { ageSeconds, duration } from "../live/staleness.ts";
import type { Spot } from "../map/plane.ts";
import { spotFrom } from "../map/position.ts";
import { type Place, Schematic } from "../map/schematic.ts";
import { Field } from "../ui/field.ts";
import { t } from "../ui/language.ts";
import { useNow } from "../ui/use-now.ts";
import type { Position } from "./use-position.ts";

const STEP_DEGREES = 0.0009;
const WAYS = [
  ["↑", "100 m north", 1, 0],
  ["←", "100 m west", 0, -1],
  ["→", "100 m east", 0, 1],
  ["↓", "100 m south", -1, 0],
] as const;

/** The schematic of the trip. Without a position from the device, one points at it or moves by steps. */
export function PositionCard({
  position,
  trip,
  isGrey,
}: {
  position: Position;
  trip: Trip | undefined;
  isGrey: boolean;
}) {
  const now = useNow();
  const [typed, setTyped] = useState("");
  const { spot, source, refusal, sentAtMs, setByHand, useDevice } = position;
  const stops: Place[] = (trip?.stops ?? []).map(({ action, name, address }) => ({
    ...address.location,
    kind: action === "pickup" ? "restaurant" : "door",
    label: name ?? address.line1,
  }));
  const places: Place[] = [
    ...stops,
    ...(spot
      ? [{ ...spot, kind: "courier" as const, label: t("You"), isStale: sentAtMs === undefined }]
      : []),
  ];
  const route: Spot[] = [...(spot ? [spot] : []), ...stops];
  const sent = sentAtMs
    ? t("Position sent {duration} ago", { duration: duration(ageSeconds(sentAtMs, now)) })
    : t("No position sent yet");
  const given = spotFrom(typed);
  return html`<section class="card">
    <h2>${t("Position")}</h2>
    <${Schematic} places=${places} route=${route} isGrey=${isGrey} summary=${`${sent}.`} onPick=${spot ? setByHand : undefined} />
    <p role="status" class="quiet">${source === "hand" ? t("Set by hand. Point at the schematic or use the arrows.") : refusal ? `⚠ ${t(refusal)}. ${t("Set it by hand.")}` : t("From this device.")}</p>
    ${
      spot &&
      html`<div class="arrows" role="group" aria-label=${t("Move by hand")}>
        ${WAYS.map(
          ([sign, label, north, east]) => html`<button key=${sign} type="button" aria-label=${t(label)}
            onClick=${() => setByHand({ lat: spot.lat + north * STEP_DEGREES, lng: spot.lng + (east * STEP_DEGREES) / Math.cos((spot.lat * Math.PI) / 180) })}>${sign}</button>`,
        )}
      </div>`
    }
    <form class="row" onSubmit=${(event: Event) => {
      event.preventDefault();
      if (given) setByHand(given);
    }}>
      <${Field} label=${t("Position: latitude, longitude")} value=${typed} onInput=${setTyped} hint=${t("Such as 49.0175, 12.0974")} />
      <button type="submit" class="plain" disabled=${!given}>${t("Set")}</button>
    </form>
    ${source === "hand" && html`<button type="button" class="plain" onClick=${useDevice}>${t("Use my position")}</button>`}
  </section>`;
}
