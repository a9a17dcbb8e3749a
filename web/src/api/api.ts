// Calls of the services' public APIs as one role. Remembers the last calls, so that the pages can show them.
import { type Call, type Operation, type Route, type ServiceName, withoutSecrets } from "./operation.ts";
import { SessionKeeper, type Tokens } from "./session-keeper.ts";

export type Role = "customer" | "restaurant" | "courier" | "operator";

export interface Config {
  services: Record<ServiceName, string>;
  /** The page may offer the accounts of the demo town, and to let it live. */
  demo?: { password: string; canLive: boolean };
}

export interface Sending {
  params?: Record<string, string>;
  query?: Record<string, string | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  /** Shown instead of asked for in the list of calls. */
  quiet?: boolean;
}

/** A service's refusal, or that it gave no answer. */
export class CallFailed extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: { pointer: string; detail: string }[] = [],
  ) {
    super(message);
    this.name = "CallFailed";
  }
}

const MUST_SET_UP =
  "The restaurant requires a second factor. Set one up by POST /v1/restaurants/me/second-factor.";
const CALLS_KEPT = 30;
const WITHIN_MS = 15_000;
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

const HOME: Record<Role, ServiceName> = {
  customer: "customer",
  restaurant: "restaurant",
  courier: "delivery",
  operator: "order",
};

interface Session {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
  /** The tokens can only set up a second factor, which the restaurant requires. */
  next?: "set_up_second_factor";
}
const tokensOf = ({ accessToken, refreshToken, expiresIn }: Session): Tokens => ({
  accessToken,
  refreshToken,
  expiresAtMs: Date.now() + expiresIn * 1000,
});

export class Api {
  readonly config: Config;
  readonly home: ServiceName;
  readonly session: SessionKeeper;
  readonly #note: ((call: Call) => void) | undefined;

  constructor(config: Config, role: Role, from?: { session: SessionKeeper; note: (call: Call) => void }) {
    this.config = config;
    this.home = HOME[role];
    this.role = role;
    this.session =
      from?.session ?? new SessionKeeper(sessionStorage, `session.${role}`, (token) => this.#refresh(token));
    this.#note = from?.note;
  }
  readonly role: Role;

  /** The same session. Tells `note` each call. */
  noting(note: (call: Call) => void): Api {
    return new Api(this.config, this.role, { session: this.session, note });
  }

  /** `code` is of the second factor. Throws CallFailed, also when a second factor must be set up first. */
  async signIn(email: string, password: string, code = ""): Promise<void> {
    const factor = /^\d{6}$/.test(code) ? { code } : { recoveryCode: code };
    const body = { email, password, ...(code && factor) };
    const session: Session = await this.#answer(this.home, "POST /v1/sessions", { body }, undefined);
    if (session.next) throw new CallFailed(0, session.next, MUST_SET_UP);
    this.session.start(tokensOf(session));
  }

  async signOut(): Promise<void> {
    const refreshToken = this.session.tokens?.refreshToken;
    this.session.end();
    if (refreshToken)
      await this.#answer(this.home, "POST /v1/sessions/revoke", { body: { refreshToken } }, undefined).catch(
        () => undefined,
      );
  }

  /** With the session's token, if there is one. Throws CallFailed. */
  async call<T>(route: Route, sending: Sending = {}, service = this.home): Promise<T> {
    const token = await this.session.accessToken();
    try {
      return await this.#answer(service, route, sending, token);
    } catch (error) {
      if (!(error instanceof CallFailed && error.status === 401 && token)) throw error;
      return this.#answer(service, route, sending, await this.session.accessToken(token));
    }
  }

  /** Opens an event stream. */
  async stream(service: ServiceName, path: string, lastEventId: string | undefined, signal: AbortSignal) {
    const open = async (refused?: string) => {
      const token = await this.session.accessToken(refused);
      const headers = {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(lastEventId && { "last-event-id": lastEventId }),
      };
      const url = `${this.config.services[service]}${path}`;
      return { token, response: await fetch(url, { headers, signal, cache: "no-store" }) };
    };
    const { token, response } = await open();
    return response.status === 401 && token ? (await open(token)).response : response;
  }

  async #refresh(refreshToken: string): Promise<Tokens | undefined> {
    try {
      const sending = { body: { refreshToken }, quiet: true };
      return tokensOf(await this.#answer(this.home, "POST /v1/sessions/refresh", sending, undefined));
    } catch (error) {
      if (error instanceof CallFailed && (error.status === 401 || error.status === 422)) return undefined;
      throw error;
    }
  }

  async #answer<T>(service: ServiceName, route: Route, sending: Sending, token?: string): Promise<T> {
    const { params = {}, query = {}, body, headers = {}, quiet } = sending;
    const [method = "", template = ""] = route.split(" ");
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const search = new URLSearchParams(given).toString();
    const path =
      template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? "")) +
      (search && `?${search}`);
    const note = (status: number) => {
      const operation: Operation = { service, route };
      const shown = body === undefined ? {} : { body: withoutSecrets(body) };
      const call = { ...operation, path, ...shown, status, atMs: Date.now() };
      if (!quiet) remember(call);
      this.#note?.(call);
    };
    const response = await fetch(`${this.config.services[service]}${path}`, {
      method,
      headers: {
        ...headers,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(WITHIN_MS),
    }).catch(() => undefined);
    note(response?.status ?? 0);
    if (!response)
      throw new CallFailed(0, "NO_ANSWER", "The service does not answer. Try again in a moment.");
    const text = await response.text();
    const parsed = text ? JSON.parse(text) : undefined;
    if (response.ok) return parsed as T;
    throw new CallFailed(response.status, parsed?.code ?? "", parsed?.detail ?? "", parsed?.details ?? []);
  }
}
