import { html } from "htm/preact";
import type { Config } from "../api/api.ts";
import { type Call, type Operation, swaggerLink } from "../api/operation.ts";
import { t } from "./language.ts";

/** A call that was made, or the one that a button will make. */
export function CallView({ config, call }: { config: Config; call: Operation & Partial<Call> }) {
  const [method = "", template = ""] = call.route.split(" ");
  return html`<div class="call-view">
    <p><b>${method}</b> <code>${call.path ?? template}</code></p>
    ${
      call.status !== undefined &&
      html`<p>${t("Answer")}: <b class=${call.status >= 200 && call.status < 300 ? "good" : "bad"}>${call.status || t("none")}</b></p>`
    }
    ${call.body !== undefined && html`<pre tabindex="0">${JSON.stringify(call.body, null, 2)}</pre>`}
    <a href=${swaggerLink(call, config.services)} target="_blank" rel="noopener">
      ${t("{service} service in Swagger", { service: call.service })} ↗
    </a>
  </div>`;
}
