// A client of the four services' public APIs, signed in as one account.
import createClient, { type Client } from "openapi-fetch";
import type { components as CustomerComponents, paths as CustomerPaths } from "./api/customer.ts";
import type { components as DeliveryComponents, paths as DeliveryPaths } from "./api/delivery.ts";
import type { components as OrderComponents, paths as OrderPaths } from "./api/order.ts";
import type { components as RestaurantComponents, paths as RestaurantPaths } from "./api/restaurant.ts";
import type { StreamEvent } from "./event-stream.ts";
import { type FollowOptions, follow } from "./follow.ts";
import { refusalOf } from "./refusal.ts";
import { copyOf, LIMITS, type Limits, retrying, type Send } from "./retry.ts";
import { type SavedSession, Session, type SessionAnswer } from "./session.ts";

export type { StreamEvent } from "./event-stream.ts";
export type { FollowOptions } from "./follow.ts";
export { type Problem, Refused, required } from "./refusal.ts";
export { backOffMs, pause } from "./retry.ts";
export type { SavedSession } from "./session.ts";
export type { CustomerPaths, DeliveryPaths, OrderPaths, RestaurantPaths };

export interface Apis {
  customer: CustomerPaths;
  restaurant: RestaurantPaths;
  order: OrderPaths;
  delivery: DeliveryPaths;
}
export type ServiceName = keyof Apis;

interface Components {
  customer: CustomerComponents["schemas"];
  restaurant: RestaurantComponents["schemas"];
  order: OrderComponents["schemas"];
  delivery: DeliveryComponents["schemas"];
}
/** A named schema of a service's API, such as `Schema<"customer", "Order">`. */
export type Schema<S extends ServiceName, N extends keyof Components[S]> = Components[S][N];

/** The service that has the accounts of a role. */
export const HOME = {
  customer: "customer",
  restaurant: "restaurant",
  courier: "delivery",
  operator: "order",
} as const;
export type Role = keyof typeof HOME;

/** Where `bun start` puts the services. */
const LOCAL: Record<ServiceName, string> = {
  customer: "http://localhost:3001",
  restaurant: "http://localhost:3002",
  order: "http://localhost:3003",
  delivery: "http://localhost:3004",
};

/** The routes that take an `Idempotency-Key`. Each call gets a new one, unless it brings its own. */
export const KEYED = ["POST /v1/orders"];

export interface ConnectOptions extends Partial<Limits> {
  urls?: Partial<Record<ServiceName, string>>;
  /** From an earlier `onSave`: continues that session. */
  saved?: SavedSession;
  /** Called after each change of the session. Store it where other programs cannot read it. */
  onSave?: (saved: SavedSession) => void;
  fetch?: Send;
}

type Json<Content> = Content extends { content: { "application/json": infer Body } } ? Body : never;
type SignInRoute<R extends Role> = Apis[(typeof HOME)[R]]["/v1/sessions"]["post"];
export type SignIn<R extends Role> = Json<SignInRoute<R>["requestBody"]>;
export type SignedIn<R extends Role> = Json<SignInRoute<R>["responses"][201]>;

/** The paths of a service's event streams. */
export type StreamPath<S extends ServiceName> = {
  [P in keyof Apis[S]]: Apis[S][P] extends {
    get: { responses: { 200: { content: { "text/event-stream": unknown } } } };
  }
    ? P
    : never;
}[keyof Apis[S]] &
  string;

export interface Connection<R extends Role> {
  customer: Client<CustomerPaths>;
  restaurant: Client<RestaurantPaths>;
  order: Client<OrderPaths>;
  delivery: Client<DeliveryPaths>;
  /** Throws `Refused`. */
  signIn: (credentials: SignIn<R>) => Promise<SignedIn<R>>;
  /** Forgets the tokens, and ends the session at the service. */
  signOut: () => Promise<void>;
  /** The events of a stream, over any number of connections. Throws `Refused`. */
  follow: <S extends ServiceName>(
    service: S,
    path: StreamPath<S>,
    options?: FollowOptions & { params?: Record<string, string> },
  ) => AsyncGenerator<StreamEvent, void>;
}

const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );

function withKey(request: Request): Request {
  const isKeyed = KEYED.includes(`${request.method} ${new URL(request.url).pathname}`);
  if (isKeyed && !request.headers.has("idempotency-key")) request.headers.set("idempotency-key", newKey());
  return request;
}

/** Other 401s mean a wrong password or code, for which another token is no remedy. */
async function refusesToken(response: Response): Promise<boolean> {
  return response.status === 401 && (await refusalOf(copyOf(response))).code === "INVALID_TOKEN";
}

/** Sends as this session. A service that refuses the token gets the request once more, with the next one. */
const asSession =
  (session: Session, send: Send): Send =>
  async (request) => {
    const bearing = (to: Request, token: string | undefined) => {
      if (token) to.headers.set("authorization", `Bearer ${token}`);
      return send(to);
    };
    const token = await session.accessToken();
    const spare = token === undefined ? undefined : copyOf(request);
    const response = await bearing(request, token);
    if (!spare || !(await refusesToken(response))) return response;
    const next = await session.accessToken(token);
    if (next === undefined) return response;
    await response.body?.cancel();
    return bearing(spare, next);
  };

/** A connection for an account of this role, signed in by `signIn` or by `saved`. */
export function connect<R extends Role>(role: R, options: ConnectOptions = {}): Connection<R> {
  const limits = { ...LIMITS, ...options };
  const urls = { ...LOCAL, ...options.urls };
  const send = retrying(options.fetch ?? ((request) => fetch(request)), limits);
  const post = (path: string, body: object, isRepeatable = false) =>
    send(
      new Request(`${urls[HOME[role]]}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...(isRepeatable && { "idempotency-key": newKey() }) },
        body: JSON.stringify(body),
      }),
    );

  const session = new Session({
    async refresh(refreshToken) {
      // A repeated refresh gets the same answer again.
      const response = await post("/v1/sessions/refresh", { refreshToken }, true);
      if (response.ok) return (await response.json()) as SessionAnswer;
      if (response.status === 401 || response.status === 422) return undefined;
      throw await refusalOf(response);
    },
    ...(options.saved && { saved: options.saved }),
    ...(options.onSave && { onChange: options.onSave }),
  });
  const sendAsSession = asSession(session, send);
  const clientOf = <S extends ServiceName>(service: S) =>
    createClient<Apis[S]>({
      baseUrl: urls[service],
      fetch: (request) => sendAsSession(withKey(request)),
    });

  return {
    customer: clientOf("customer"),
    restaurant: clientOf("restaurant"),
    order: clientOf("order"),
    delivery: clientOf("delivery"),
    async signIn(credentials) {
      const { deviceToken } = session;
      const response = await post("/v1/sessions", { ...(deviceToken && { deviceToken }), ...credentials });
      if (!response.ok) throw await refusalOf(response);
      const answer = (await response.json()) as SessionAnswer;
      session.start(answer);
      return answer as SignedIn<R>;
    },
    async signOut() {
      const { refreshToken } = session;
      session.end();
      if (refreshToken) await post("/v1/sessions/revoke", { refreshToken });
    },
    follow(service, path, { params = {}, ...from } = {}) {
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ""));
      return follow(sendAsSession, `${urls[service]}${filled}`, from, limits);
    },
  };
}
