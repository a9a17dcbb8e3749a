import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { type Config, onCall, recentCalls } from "../api/api.ts";
import { CallView } from "./call-view.ts";
import { t } from "./language.ts";

/** The last calls of this page, newest first. */
export function CallList({ config }: { config: Config }) {
  const [, draw] = useState(0);
  useEffect(() => onCall(() => draw((count) => count + 1)), []);
  const calls = recentCalls();
  const [last] = calls;
  return html`<details class="calls">
    <summary>
      <span>${t("Calls of this page")}</span>
      ${last && html`<code>${last.route.split(" ")[0]} ${last.path} → ${last.status || "–"}</code>`}
    </summary>
    <ol>${calls.map((call) => html`<li key=${`${call.atMs} ${call.path}`}><${CallView} config=${config} call=${call} /></li>`)}</ol>
  </details>`;
}
