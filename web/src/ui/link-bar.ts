import { html } from "htm/preact";
import { ageSeconds, duration } from "../live/staleness.ts";
import type { Link } from "../live/use-stream.ts";
import { t } from "./language.ts";
import { useNow } from "./use-now.ts";

/** Says whether what is shown is live, and since when it is not. */
export function LinkBar({ link }: { link: Link }) {
  const now = useNow();
  if (link.isUp === undefined) return html`<p class="link" role="status">${t("Connecting …")}</p>`;
  if (!link.isUp && link.lostAtMs !== undefined)
    return html`<p class="link lost">
      <span role="status">⚠ ${t("Live link lost")}</span>
      <span>${t("for {duration}. What you see may be old. Connecting again …", { duration: duration(ageSeconds(link.lostAtMs, now)) })}</span>
    </p>`;
  if (link.isDegraded)
    return html`<p class="link late" role="status">◐ ${t("Live, a second or two late")}</p>`;
  return html`<p class="link live" role="status">● ${t("Live")}</p>`;
}
