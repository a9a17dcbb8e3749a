// The frame of all pages. The place behind `#` says which page is shown, so any static host can serve them.
import type { Role } from "@food/client";
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { Api, type Config } from "./api/api.ts";
import { CourierPage } from "./courier/courier-page.ts";
import { CustomerPage } from "./customer/customer-page.ts";
import { KitchenPage } from "./kitchen/kitchen-page.ts";
import { TownLife } from "./town/town-life.ts";
import { TownPage } from "./town/town-page.ts";
import { CallList } from "./ui/call-list.ts";
import { language, setLanguage, t, useLanguage } from "./ui/language.ts";

/** Each page: its sign, whom it is for, and what draws it. */
const PAGES = {
  customer: {
    sign: "◆",
    title: "Customer",
    text: "Find a restaurant, order, and follow your dinner to the door.",
    role: "customer",
    page: CustomerPage,
  },
  kitchen: {
    sign: "▲",
    title: "Kitchen",
    text: "Tickets by state and deadline. Accept, cook, hand out.",
    role: "restaurant",
    page: KitchenPage,
  },
  courier: {
    sign: "●",
    title: "Courier",
    text: "Come on duty, ride your trip, hand over with the PIN.",
    role: "courier",
    page: CourierPage,
  },
  town: {
    sign: "◎",
    title: "Town",
    text: "See all orders and couriers live, and help by hand.",
    role: "operator",
    page: TownPage,
  },
} as const satisfies Record<string, { sign: string; title: string; text: string; role: Role; page: unknown }>;
type PageName = keyof typeof PAGES;

/** One for each role: two sessions would use up each other's refresh tokens. */
const apis = new Map<Role, Api>();
function apiOf(config: Config, role: Role): Api {
  const api = apis.get(role) ?? new Api(config, role);
  apis.set(role, api);
  return api;
}

const isPage = (name: string): name is PageName => name in PAGES;
const wayIn = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean);

function useWay(): string[] {
  const [way, setWay] = useState(wayIn());
  useEffect(() => {
    const listener = () => {
      setWay(wayIn());
      scrollTo(0, 0);
    };
    addEventListener("hashchange", listener);
    return () => removeEventListener("hashchange", listener);
  }, []);
  return way;
}

function Front({ config }: { config: Config }) {
  return html`<main id="main" class="front">
    <h1>${t("Dinner, from order to door")}</h1>
    <p class="lead">${t("Choose a role. Open each in a tab of its own and watch them hear of each other.")}</p>
    <ul class="roles">
      ${Object.entries(PAGES).map(
        ([name, { sign, title, text }]) => html`<li key=${name}>
          <a href=${`#/${name}`} class="card role">
            <span class=${`sign ${name}`} aria-hidden="true">${sign}</span>
            <span><b>${t(title)}</b><span>${t(text)}</span></span>
          </a>
        </li>`,
      )}
    </ul>
    ${config.demo?.canLive && html`<${TownLife} />`}
    <h2>${t("The APIs behind it")}</h2>
    <ul class="apis">
      ${Object.entries(config.services).map(
        ([name, url]) =>
          html`<li key=${name}><a href=${`${url}/swagger`}>${t("{service} service in Swagger", { service: name })} ↗</a></li>`,
      )}
    </ul>
  </main>`;
}

function SignedIn({ api }: { api: Api }) {
  const [, draw] = useState(0);
  useEffect(() => api.session.onChange(() => draw((count) => count + 1)), [api]);
  if (!api.session.isSignedIn) return null;
  return html`<button type="button" class="plain small" onClick=${() => api.signOut()}>${t("Sign out")}</button>`;
}

export function App({ config }: { config: Config }) {
  useLanguage();
  const [first = "", ...rest] = useWay();
  const name = isPage(first) ? first : undefined;
  const role = name && PAGES[name].role;
  const api = role && apiOf(config, role);
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const change = () => setOnline(navigator.onLine);
    addEventListener("online", change);
    addEventListener("offline", change);
  }, []);
  document.title = name ? t(PAGES[name].title) : t("Dinner");
  const other = language() === "en" ? "de" : "en";
  return html`
    <a class="skip" href="#main" onClick=${(event: Event) => {
      event.preventDefault();
      document.getElementById("main")?.focus();
    }}>${t("Skip to content")}</a>
    <header class="top">
      <a href="#/" class="home" aria-label=${t("All roles")}>◆▲●</a>
      ${name && html`<a href=${`#/${name}`} class="where">${t(PAGES[name].title)}</a>`}
      <span class="gap"></span>
      <button type="button" class="plain small" lang=${other} onClick=${() => setLanguage(other)}>
        ${other === "de" ? "Deutsch" : "English"}
      </button>
      ${api && html`<${SignedIn} api=${api} />`}
    </header>
    ${!isOnline && html`<p class="link lost" role="status">⚠ ${t("This device is offline. The page catches up by itself.")}</p>`}
    ${
      name && api
        ? html`<main id="main" tabindex="-1" class=${name}><${PAGES[name].page} key=${name} api=${api} way=${rest} /></main>
            <${CallList} config=${config} />`
        : html`<${Front} config=${config} />`
    }
  `;
}
