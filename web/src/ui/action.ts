// A button that makes a call, and beside it a link that shows the call.

import { Refused, type ServiceName } from "@food/client";
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api/api.ts";
import type { Call, Route } from "../api/operation.ts";
import { CallView } from "./call-view.ts";
import { t } from "./language.ts";
import { Problem } from "./problem.ts";

export interface ActionProps {
  api: Api;
  route: Route;
  service?: ServiceName;
  label: string;
  /** Calls with the api that it gets, so that the call can be shown. */
  run: (api: Api) => Promise<unknown>;
  kind?: "main" | "plain" | "danger";
  disabled?: boolean;
  /** Is the submit button of its form. */
  isSubmit?: boolean;
  onFailed?: (error: Refused) => void;
  /** What a screen reader says, when the label alone is not enough. */
  name?: string;
}

/** Runs one thing at a time, and keeps its failure and its last call. */
export function useRunning(
  api: Api,
  run: (api: Api) => Promise<unknown>,
  onFailed?: ActionProps["onFailed"],
) {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<Refused>();
  const [call, setCall] = useState<Call>();
  const shown = useRef(true);
  useEffect(
    () => () => {
      shown.current = false;
    },
    [],
  );
  async function start() {
    if (isRunning) return;
    setRunning(true);
    setError(undefined);
    try {
      await run(api.noting((made) => shown.current && setCall(made)));
    } catch (failure) {
      if (!(failure instanceof Refused)) throw failure;
      if (shown.current) setError(failure);
      onFailed?.(failure);
    } finally {
      if (shown.current) setRunning(false);
    }
  }
  return { isRunning, error, call, start };
}

export function CallLink({
  api,
  route,
  service = api.home,
  call,
}: Pick<ActionProps, "api" | "route" | "service"> & { call: Call | undefined }) {
  return html`<details class="call">
    <summary title=${t("Shows the call of this button")}>${t("call")}</summary>
    <${CallView} config=${api.config} call=${call ?? { service, route }} />
  </details>`;
}

export function Action(props: ActionProps) {
  const {
    api,
    route,
    service = api.home,
    label,
    run,
    kind = "plain",
    disabled,
    isSubmit,
    onFailed,
    name,
  } = props;
  const { isRunning, error, call, start } = useRunning(api, run, onFailed);
  return html`<div class="action">
    <div class="action-row">
      <button
        class=${kind}
        type=${isSubmit ? "submit" : "button"}
        aria-busy=${isRunning}
        aria-label=${name}
        disabled=${disabled}
        onClick=${(event: Event) => {
          if (isSubmit && !(event.currentTarget as HTMLButtonElement).form?.reportValidity()) return;
          event.preventDefault();
          void start();
        }}
      >${label}</button>
      <${CallLink} api=${api} route=${route} service=${service} call=${call} />
    </div>
    <${Problem} error=${error} />
  </div>`;
}
