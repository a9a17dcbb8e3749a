import type { StreamEvent } from "@food/client";
import { Refused } from "@food/client";
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import { useStream } from "../live/use-stream.ts";
import { Action, CallLink } from "../ui/action.ts";
import { t, timeOfDay } from "../ui/language.ts";
import { LinkBar } from "../ui/link-bar.ts";
import { orderNumber } from "../ui/order-words.ts";
import { Problem } from "../ui/problem.ts";
import { SignIn, type SignUp } from "../ui/sign-in.ts";
import { useLoaded } from "../ui/use-loaded.ts";
import { useSession } from "../ui/use-session.ts";
import { PositionCard } from "./position-card.ts";
import { StopCard } from "./stop-card.ts";
import { afterEvent, type Deliveries } from "./trip.ts";
import { usePosition } from "./use-position.ts";

/** Why no order comes. */
const NO_WORK: Record<string, string> = {
  off_duty: "You are off duty. Come on duty to get orders.",
  no_position: "You get no order, because your position is not known.",
  position_too_old: "You get no order, because your position is too old.",
};

/** No trip is no failure. */
const findTrip = (api: Api) =>
  api.call("delivery", "GET /v1/couriers/me/trip", {}).catch((error: unknown) => {
    if (error instanceof Refused && error.status === 404) return undefined;
    throw error;
  });

function Duty({ api }: { api: Api }) {
  const self = useLoaded(() => api.call("delivery", "GET /v1/couriers/me", {}), [api]);
  const trip = useLoaded(() => findTrip(api), [api]);
  const [deliveries, setDeliveries] = useState<Deliveries>(new Map());
  const [news, setNews] = useState("");
  const isOnDuty = self.value?.available === true;
  const position = usePosition(api, isOnDuty, self.value?.location);
  function onEvent(event: StreamEvent) {
    setDeliveries((before) => afterEvent(before, event));
    if (["snapshot", "delivery", "joined", "left"].includes(event.event)) void trip.reload();
    if (["delivery", "joined"].includes(event.event))
      setNews(
        event.data.status === "released" ? t("A delivery is not yours any more") : t("Your trip has changed"),
      );
  }
  const link = useStream(api, "delivery", "/v1/deliveries/events", onEvent);
  const flip = async (noting: Api) => {
    await noting.call("delivery", "PUT /v1/couriers/me/availability", { body: { available: !isOnDuty } });
    await self.reload();
  };
  const done = async () => {
    await Promise.all([trip.reload(), self.reload()]);
  };
  const [stop, ...later] = trip.value?.stops ?? [];
  const hasSent = position.sentAtMs !== undefined;
  const reason = self.value?.noWorkReason ?? "";
  const notice = reason.includes("position") && hasSent ? undefined : NO_WORK[reason];
  return html`
    <div class="title-row"><h1>${self.value?.name ?? t("Courier")}</h1><${LinkBar} link=${link} /></div>
    <p class="sr" aria-live="assertive">${news}</p>
    <${Problem} error=${self.error ?? trip.error} />
    <div class="toolbar">
      <p class=${isOnDuty ? "state good big" : "state big"} role="status">${isOnDuty ? `● ${t("On duty")}` : `○ ${t("Off duty")}`}</p>
      <${Action} api=${api} kind=${isOnDuty ? "plain" : "main"} label=${isOnDuty ? t("Go off duty") : t("Come on duty")}
        route="PUT /v1/couriers/me/availability" run=${flip} disabled=${!self.value} />
      <${CallLink} api=${api} route="GET /v1/deliveries/events" call=${undefined} />
    </div>
    ${notice && !stop && html`<p class="link late">⚠ ${t(notice)}</p>`}
    <div class=${link.isUp === false ? "trip grey" : "trip"}>
      <div>
        ${
          stop && trip.value
            ? html`<${StopCard} key=${`${stop.action} ${stop.deliveryIds.join()}`} api=${api} trip=${trip.value} stop=${stop} deliveries=${deliveries} onDone=${done} />`
            : html`<section class="card"><h2>${t("No trip now")}</h2>
                <p class="quiet">${isOnDuty ? t("The next order comes by itself.") : t("Come on duty to get orders.")}</p></section>`
        }
        ${
          later.length > 0 &&
          html`<ol class="later">${later.map(
            ({ address, orderIds, expectedAt }) => html`<li class="card"><b>${address.line1}</b>${" "}
              <span class="quiet">${orderIds.map(orderNumber).join(", ")} · ${timeOfDay(expectedAt)}</span></li>`,
          )}</ol>`
        }
      </div>
      <${PositionCard} position=${position} trip=${trip.value} isGrey=${link.isUp === false} />
    </div>`;
}

export function CourierPage({ api }: { api: Api }) {
  const isSignedIn = useSession(api);
  if (isSignedIn) return html`<${Duty} api=${api} />`;
  const signUp: SignUp = {
    route: "POST /v1/couriers",
    create: (noting, account, { name = "", phone = "" }) =>
      noting.call("delivery", "POST /v1/couriers", { body: { ...account, name, phone, vehicle: "bicycle" } }),
    fields: [
      { name: "name", label: t("Name") },
      { name: "phone", label: t("Phone"), type: "tel" },
    ],
  };
  return html`<${SignIn} api=${api} title=${t("Courier")} demoEmail="courier-01@demo.example" signUp=${signUp} />`;
}
