import type { StreamEvent } from "@food/client";
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Town } from "../api/bodies.ts";
import { ageSeconds, duration } from "../live/staleness.ts";
import { type Link, useStream } from "../live/use-stream.ts";
import { CallLink } from "../ui/action.ts";
import { t } from "../ui/language.ts";
import { SignIn } from "../ui/sign-in.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { useNow } from "../ui/use-now.ts";
import { useSession } from "../ui/use-session.ts";
import { Curve } from "./curve.ts";
import { keepHistory, keptHistory, withSample } from "./history.ts";
import { LaneList } from "./lane-list.ts";
import { Numbers } from "./numbers.ts";
import { OrderPanel } from "./order-panel.ts";
import { type Kitchen, sceneOf } from "./scene.ts";
import { TownMap } from "./town-map.ts";
import {
  afterChanges,
  ageOf,
  oldFor,
  stateOf,
  type TownChanges,
  type TownState,
  townTime,
} from "./town-state.ts";
import { TownTable } from "./town-table.ts";

/** An event comes each second. */
const SILENCE_MS = 6_000;
const KITCHENS_MAX = 100;

/** The state that follows from the stream. Connects again when an event is missing. */
function useTown(api: Api): { link: Link; state: TownState | undefined } {
  const [state, setState] = useState<TownState>();
  const last = useRef<TownState>();
  function onEvent({ event, data }: StreamEvent) {
    if (event !== "snapshot" && event !== "changes") return undefined;
    const next =
      event === "snapshot"
        ? stateOf(data as unknown as Town, Date.now())
        : afterChanges(last.current, data as unknown as TownChanges, Date.now());
    if (!next) return "again";
    last.current = next;
    setState(next);
    return undefined;
  }
  const link = useStream(api, "order", "/v1/town/events", onEvent, { silentMs: SILENCE_MS });
  return { link, state };
}

/** Restaurants without an order are on the map, too. */
async function readKitchens(api: Api): Promise<Kitchen[]> {
  const query = { limit: KITCHENS_MAX };
  const { items } = await api.call("restaurant", "GET /v1/restaurants", { query });
  return items.map(({ restaurantId, name, address }) => ({ restaurantId, name, ...address.location }));
}

function Age({ state, link, now }: { state: TownState; link: Link; now: number }) {
  const old = oldFor(state, now);
  const age = (readAt: string) => duration(ageOf(state, readAt, now));
  if (link.isUp === false || old !== undefined)
    return html`<p class="link lost">
      <span role="status">⚠ ${link.isUp === false ? t("Live link lost") : t("A part cannot be read now")}</span>${" "}
      <span>${t("What you see is {age} old. It catches up by itself.", {
        age: duration(old ?? ageSeconds(state.receivedAtMs, now)),
      })}</span>
    </p>`;
  return html`<p class="link live">
    <span role="status">● ${t("Live")}</span>${" "}
    <span class="quiet">${t("orders {orders} old, couriers {couriers} old", {
      orders: age(state.ordersAt),
      couriers: age(state.couriersAt ?? state.at),
    })}</span>
  </p>`;
}

function Legend() {
  return html`<p class="quiet legend">
    <span><i class="restaurant">▲</i> ${t("Restaurant, larger with more orders")}</span>
    <span><i>•</i> ${t("Idle")}</span>
    <span><i class="restaurant">●△</i> ${t("To the restaurant")}</span>
    <span><i class="courier">●◇</i> ${t("To the door")}</span>
    <span><i>◌</i> ${t("Position is old")}</span>
    <span><i class="door">◇</i> ${t("Order in the kitchen")}</span>
    <span><i class="door">◆</i> ${t("On the way")}</span>
    <span><i class="accent">◈</i> ${t("Without a courier")}</span>
    <span><i class="bad">◆</i> ${t("late")}</span>
    <span>${t("Schematic: no map data.")}</span>
  </p>`;
}

const NOBODY: ReadonlySet<string> = new Set();

function Board({ api, chosenId }: { api: Api; chosenId: string | undefined }) {
  const { link, state } = useTown(api);
  const device = useNow();
  const [shown, setShown] = useState<"map" | "table">("map");
  const [history, setHistory] = useState(() => keptHistory(sessionStorage));
  const kitchens = useLoaded(() => readKitchens(api), [api]).value;
  useEffect(() => {
    if (!state) return;
    const next = withSample(history, state);
    if (next === history) return;
    setHistory(next);
    keepHistory(sessionStorage, next);
  }, [state]);
  const trip =
    state && [...state.trips.values()].find(({ stops }) => stops.some(({ orderId }) => orderId === chosenId));
  const together = trip?.stops.map(({ orderId }) => orderId).join() ?? chosenId ?? "";
  const chosen = useMemo(() => (together ? new Set(together.split(",")) : NOBODY), [together]);
  const scene = useMemo(
    () => state && sceneOf(state, kitchens ?? [], townTime(state, state.receivedAtMs)),
    [state, kitchens],
  );
  if (!state || !scene)
    return html`<h1>${t("Town")}</h1><p class="link" role="status">${t("Connecting …")}</p>`;
  const now = townTime(state, device);
  const isGrey = link.isUp === false || oldFor(state, device) !== undefined;
  const summary = t(
    "Map: {restaurants} restaurants, {couriers} couriers, {orders} open orders. The table tells the same.",
    {
      ...{ restaurants: scene.kitchens.length, couriers: scene.couriers.length, orders: scene.doors.length },
    },
  );
  const tab = (name: "map" | "table", label: string) =>
    html`<button type="button" aria-pressed=${shown === name} onClick=${() => setShown(name)}>${label}</button>`;
  return html`
    <div class="title-row">
      <h1>${t("Town")}</h1>
      <${Age} state=${state} link=${link} now=${device} />
    </div>
    <p class="sr" aria-live="polite">${t("{n} orders are without a courier", { n: state.figures.waiting })}</p>
    ${!state.isComplete && html`<p class="link late" role="status">${t("There is more than this page shows.")}</p>`}
    <div class=${isGrey ? "town-grid grey" : "town-grid"}>
      <${Numbers} state=${state} now=${now} />
      ${
        chosenId &&
        html`<${OrderPanel} api=${api} orderId=${chosenId} version=${state.orders.get(chosenId)?.version}
          together=${[...chosen]} />`
      }
      <div class="view">
        <div class="toolbar">
          <div class="tabs" role="group" aria-label=${t("View")}>${tab("map", t("Map"))}${tab("table", t("Table"))}</div>
          <${CallLink} api=${api} service="order" route="GET /v1/town/events" call=${undefined} />
        </div>
        ${
          shown === "map"
            ? html`<figure class="map town-map">
                <${TownMap} scene=${scene} summary=${summary} isGrey=${isGrey} chosen=${chosen}
                  onChoose=${(orderId: string) => {
                    location.hash = `#/town/${orderId}`;
                  }} />
                <figcaption><${Legend} /></figcaption>
              </figure>`
            : html`<${TownTable} state=${state} now=${now} />`
        }
        <${Curve} history=${history} />
      </div>
      <div class="side">
        <${LaneList} state=${state} now=${now} chosenId=${chosenId} />
      </div>
    </div>`;
}

export function TownPage({ api, way }: { api: Api; way: string[] }) {
  const isSignedIn = useSession(api);
  if (isSignedIn) return html`<${Board} api=${api} chosenId=${way[0]} />`;
  return html`<${SignIn} api=${api} title=${t("Town")} demoEmail="operator@demo.example"
    note=${t("Operators are named in the settings of the order service.")} />`;
}
