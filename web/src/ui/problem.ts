import { html } from "htm/preact";
import type { CallFailed } from "../api/api.ts";
import { t } from "./language.ts";

/** What a service refused, in its words. */
export function Problem({ error }: { error: CallFailed | undefined }) {
  if (!error) return null;
  return html`<div class="problem" role="alert">
    <p>✕ ${t(error.message)}${error.code && html` <code>${error.code}</code>`}</p>
    ${error.details.length > 0 && html`<ul>${error.details.map(({ pointer, detail }) => html`<li><code>${pointer}</code> ${detail}</li>`)}</ul>`}
  </div>`;
}
