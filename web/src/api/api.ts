// Calls of the services' public APIs as one role. Remembers the last calls, so that the pages can show them.
import { HOME, Refused, type Role, required, type ServiceName } from "@food/client";
import {
  type Answer,
  type AnySending,
  type Call,
  type Route,
  type Sending,
  withoutSecrets,
} from "./operation.ts";
import { RoleSession } from "./session.ts";

export interface Config {
  services: Record<ServiceName, string>;
  /** The page may offer the accounts of the demo town, and to let it live. */
  demo?: { password: string; canLive: boolean };
}

const MUST_SET_UP =
  "The restaurant requires a second factor. Set one up by POST /v1/restaurants/me/second-factor.";
const NO_ANSWER = "The service does not answer. Try again in a moment.";
const CALLS_KEPT = 30;
const calls: Call[] = [];
const watchers = new Set<() => void>();

export const recentCalls = (): readonly Call[] => calls;
export function onCall(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
function remember(call: Call) {
  calls.unshift(call);
  calls.length = Math.min(calls.length, CALLS_KEPT);
  for (const watcher of watchers) watcher();
}

/** A call of any route. */
type Send = (
  method: string,
  path: string,
  init: object,
) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

export class Api {
  readonly home: ServiceName;

  constructor(
    readonly config: Config,
    readonly role: Role,
    readonly session = new RoleSession(role, { urls: config.services }),
    private readonly note: (call: Call) => void = () => {},
  ) {
    this.home = HOME[role];
  }

  /** The same session. Tells `note` each call. */
  noting(note: (call: Call) => void): Api {
    return new Api(this.config, this.role, this.session, note);
  }

  /** `code` is of the second factor. Throws Refused, also when a second factor must be set up first. */
  async signIn(email: string, password: string, code = ""): Promise<void> {
    const factor = /^\d{6}$/.test(code) ? { code } : { recoveryCode: code };
    const body = { email, password, ...(code && factor) };
    const call = { service: this.home, route: "POST /v1/sessions", path: "/v1/sessions", body } as const;
    const session = await this.#noted(call, async () => [201, await this.session.connection.signIn(body)]);
    if (!("next" in session)) return;
    await this.signOut();
    throw new Refused(0, { code: session.next, detail: MUST_SET_UP });
  }

  /** Also when the service does not answer. */
  async signOut(): Promise<void> {
    const path = "/v1/sessions/revoke";
    const call = { service: this.home, route: `POST ${path}`, path } as const;
    await this.#noted(call, async () => [204, await this.session.connection.signOut()]).catch(
      () => undefined,
    );
  }

  /** With the session's token, if there is one. Throws Refused. */
  async call<S extends ServiceName, R extends Route<S>>(
    service: S,
    route: R,
    sending: Sending<S, R>,
  ): Promise<Answer<S, R>> {
    const [method = "", template = ""] = route.split(" ");
    const { path, query, header, body, quiet } = sending as AnySending;
    const call = { service, route: route as Route, path: template, ...(body !== undefined && { body }) };
    const onRequest = ({ request }: { request: Request }) => {
      const { pathname, search } = new URL(request.url);
      call.path = pathname + search;
    };
    const send = this.session.connection[service].request as Send;
    const ask = async (): Promise<[number, Answer<S, R>]> => {
      const init = { params: { path, query, header }, body, middleware: [{ onRequest }] };
      const result = await send(method.toLowerCase(), template, init);
      return [result.response.status, required(result) as Answer<S, R>];
    };
    return this.#noted(call, ask, quiet);
  }

  async #noted<T>(
    made: Omit<Call, "status" | "atMs">,
    ask: () => Promise<[status: number, answer: T]>,
    quiet = false,
  ): Promise<T> {
    const note = (status: number) => {
      const call = { ...made, ...(made.body !== undefined && { body: withoutSecrets(made.body) }), status };
      if (!quiet) remember({ ...call, atMs: Date.now() });
      this.note({ ...call, atMs: Date.now() });
    };
    try {
      const [status, answer] = await ask();
      note(status);
      return answer;
    } catch (error) {
      const refusal =
        error instanceof Refused ? error : new Refused(0, { code: "NO_ANSWER", detail: NO_ANSWER });
      note(refusal.status);
      throw refusal;
    }
  }
}
