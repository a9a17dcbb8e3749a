import { html, render } from "htm/preact";
import type { Config } from "./api/api.ts";
import { App } from "./app.ts";
import { startLanguage, t } from "./ui/language.ts";

startLanguage();
const root = document.getElementById("app");
const config = await fetch("config.json").then(
  (response) => response.json() as Promise<Config>,
  () => undefined,
);
if (root)
  render(
    config
      ? html`<${App} config=${config} />`
      : html`<p role="alert">${t("The page has no config.json. Load it again.")}</p>`,
    root,
  );
