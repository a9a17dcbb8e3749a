import type { Refused } from "@food/client";
import { html } from "htm/preact";
import { t } from "./language.ts";

/** What a service refused, in its words. */
export function Problem({ error }: { error: Refused | undefined }) {
  if (!error) return null;
  const { details = [] } = error.problem;
  return html`<div class="problem" role="alert">
    <p>✕ ${t(error.message)}${error.code && html` <code>${error.code}</code>`}</p>
    ${details.length > 0 && html`<ul>${details.map(({ pointer, detail }) => html`<li><code>${pointer}</code> ${detail}</li>`)}</ul>`}
  </div>`;
}
