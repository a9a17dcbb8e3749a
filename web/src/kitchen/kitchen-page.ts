import type { StreamEvent } from "@food/client";
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Order } from "../api/bodies.ts";
import { useStream } from "../live/use-stream.ts";
import { Action, CallLink } from "../ui/action.ts";
import { t } from "../ui/language.ts";
import { LinkBar } from "../ui/link-bar.ts";
import { Problem } from "../ui/problem.ts";
import { SignIn } from "../ui/sign-in.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { useNow } from "../ui/use-now.ts";
import { useSession } from "../ui/use-session.ts";
import { chime } from "./chime.ts";
import { DishList } from "./dish-list.ts";
import { signUp } from "./sign-up.ts";
import { Ticket } from "./ticket.ts";
import { afterEvent, type Column, inColumn, isLate, type Tickets, withOrder } from "./tickets.ts";

const COLUMNS: [Column, string][] = [
  ["new", "New"],
  ["cooking", "In the kitchen"],
  ["ready", "Ready"],
];

/** Sounds when a ticket is new or becomes late, once each. */
function useChimes(tickets: Tickets, now: number, isOn: boolean) {
  const heard = useRef<Set<string>>();
  const all = [...tickets.values()];
  const fresh = all.filter(({ status }) => status === "pending").map(({ orderId }) => `new ${orderId}`);
  const late = all
    .filter((order) => isLate(order, now))
    .map(({ orderId, status }) => `late ${status} ${orderId}`);
  const due = [...fresh, ...late];
  useEffect(() => {
    const news = due.filter((name) => !heard.current?.has(name));
    if (isOn && heard.current && news.length > 0)
      chime(news.some((name) => name.startsWith("new")) ? "new" : "late");
    heard.current = new Set(due);
  }, [due.join()]);
}

function Board({ api }: { api: Api }) {
  const now = useNow();
  const [tickets, setTickets] = useState<Tickets>(new Map());
  const [hasMore, setMore] = useState(false);
  const [isLoud, setLoud] = useState(true);
  const [shown, setShown] = useState<"board" | "dishes">("board");
  const own = useLoaded(() => api.call("restaurant", "GET /v1/restaurants/me", {}), [api]);
  function onEvent(event: StreamEvent) {
    if (event.event === "snapshot" || event.event === "more") setMore(event.data.more === true);
    setTickets((before) => afterEvent(before, event));
  }
  const link = useStream(api, "restaurant", "/v1/orders/events", onEvent);
  useChimes(tickets, now, isLoud);
  const isOpen = own.value?.acceptingOrders;
  const flip = async (noting: Api) => {
    await noting.call("restaurant", "PUT /v1/restaurants/me/availability", {
      body: { acceptingOrders: !isOpen },
    });
    await own.reload();
  };
  const moved = (order: Order) => setTickets((before) => withOrder(before, order));
  const waiting = inColumn(tickets, "new").length;
  return html`
    <div class="title-row">
      <h1>${own.value?.name ?? t("Kitchen")}</h1>
      <${LinkBar} link=${link} />
    </div>
    <p class="sr" aria-live="assertive">${waiting > 0 ? t("{n} new orders wait", { n: waiting }) : ""}</p>
    <div class="toolbar">
      <div class="tabs" role="group" aria-label=${t("View")}>
        <button type="button" aria-pressed=${shown === "board"} onClick=${() => setShown("board")}>${t("Board")}</button>
        <button type="button" aria-pressed=${shown === "dishes"} onClick=${() => setShown("dishes")}>${t("Dishes")}</button>
      </div>
      <button type="button" class="plain" aria-pressed=${isLoud} onClick=${() => setLoud(!isLoud)}>${isLoud ? `♪ ${t("Sound is on")}` : `◌ ${t("Sound is off")}`}</button>
      ${
        own.value &&
        html`<${Action} api=${api} kind=${isOpen ? "plain" : "main"} route="PUT /v1/restaurants/me/availability" run=${flip}
          label=${isOpen ? t("Stop taking orders") : t("Take orders")} />`
      }
      <${CallLink} api=${api} route="GET /v1/orders/events" call=${undefined} />
    </div>
    <${Problem} error=${own.error} />
    ${isOpen === false && html`<p class="link late" role="status">○ ${t("You take no orders now.")}</p>`}
    ${hasMore && html`<p class="quiet">${t("There are more open orders than this board shows.")}</p>`}
    ${
      shown === "dishes"
        ? html`<${DishList} api=${api} restaurant=${own.value} />`
        : html`<div class=${link.isUp === false ? "board grey" : "board"}>
            ${COLUMNS.map(([column, title]) => {
              const orders = inColumn(tickets, column);
              return html`<section key=${column} aria-label=${t(title)} class=${`column ${column}`}>
                <h2>${t(title)} <span class="count">${orders.length}</span></h2>
                ${orders.length === 0 && html`<p class="quiet empty">${t("None")}</p>`}
                ${orders.map(
                  (order) => html`<${Ticket} key=${order.orderId} api=${api} order=${order} now=${now}
                    usualMinutes=${own.value?.prepMinutes ?? 15} onMoved=${moved} />`,
                )}
              </section>`;
            })}
          </div>`
    }`;
}

export function KitchenPage({ api }: { api: Api }) {
  const isSignedIn = useSession(api);
  if (isSignedIn) return html`<${Board} api=${api} />`;
  return html`<${SignIn} api=${api} title=${t("Kitchen")} demoEmail="kitchen-01@demo.example" signUp=${signUp()} />`;
}
