// An operation of a service's public API, and where its Swagger page describes it.

import type { Apis, ServiceName } from "@food/client";

type Method = "get" | "post" | "put" | "patch" | "delete";
type RoutesOf<Paths> = {
  [P in keyof Paths & string]: {
    [M in Method]: Paths[P] extends Record<M, object> ? `${Uppercase<M>} ${P}` : never;
  }[Method];
}[keyof Paths & string];
/** Such as `POST /v1/orders/{orderId}/cancel`. */
export type Route<S extends ServiceName = ServiceName> = { [N in S]: RoutesOf<Apis[N]> }[S];

type OperationOf<S extends ServiceName, R extends string> = R extends `${infer M} ${infer P extends
  keyof Apis[S] & string}`
  ? Apis[S][P][Lowercase<M> & keyof Apis[S][P]]
  : never;
interface Json<Body> {
  content: { "application/json": Body };
}
/** The body of a success. */
export type Answer<S extends ServiceName, R extends string> =
  OperationOf<S, R> extends { responses: infer Responses }
    ? {
        [C in keyof Responses]: C extends 200 | 201
          ? Responses[C] extends Json<infer B>
            ? B
            : never
          : never;
      }[keyof Responses]
    : never;
type OrUndefined<T> = { [K in keyof T]: T[K] | undefined };

export interface AnySending {
  path?: object;
  query?: object;
  header?: { "idempotency-key": string };
  body?: unknown;
  /** Shown instead of asked for in the list of calls. */
  quiet?: boolean;
}
/** What a call of the route takes. */
export type Sending<S extends ServiceName, R extends string> = Omit<AnySending, "path" | "query" | "body"> &
  (OperationOf<S, R> extends { parameters: { path: infer P } } ? { path: P } : unknown) &
  (OperationOf<S, R> extends { parameters: { query?: infer Q } } ? { query?: OrUndefined<Q> } : unknown) &
  (OperationOf<S, R> extends { requestBody: Json<infer B> }
    ? { body: B }
    : OperationOf<S, R> extends { requestBody?: Json<infer B> }
      ? { body?: B }
      : unknown);

export interface Operation {
  service: ServiceName;
  route: Route;
}

/** A call that was made, without secrets. */
export interface Call extends Operation {
  path: string;
  body?: unknown;
  /** 0 when there was no answer. */
  status: number;
  atMs: number;
}

/** The first match counts. */
const TAGS: [RegExp, string][] = [
  [/ \/v1\/sessions/, "sessions"],
  [/ \/v1\/town/, "town"],
  [/^POST \/v1\/customers$|\/customers\/me$/, "customers"],
  [/\/addresses/, "addresses"],
  [/\/couriers\/me\/trip$| \/v1\/trips|\/deliveries\/\{deliveryId\}\/arrive$/, "trips"],
  [/ \/v1\/couriers/, "couriers"],
  [/ \/v1\/deliveries/, "deliveries"],
  [/\/me\/dishes/, "dishes"],
  [/\/restaurants\/me/, "restaurants"],
  [/ \/v1\/(restaurants|search)/, "browse"],
  [/\/(status|events|timeline)$/, "tracking"],
];

function tagOf({ service, route }: Operation): string {
  if (service === "restaurant" && route.includes("/v1/orders")) return "orders";
  return TAGS.find(([pattern]) => pattern.test(route))?.[1] ?? "orders";
}

/** As the services name their operations. */
export const operationId = (route: Route): string =>
  route
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word && word !== "v1")
    .map((word, i) => (i === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");

export const swaggerLink = (operation: Operation, addresses: Record<ServiceName, string>): string =>
  `${addresses[operation.service]}/swagger#/${encodeURIComponent(tagOf(operation))}/${operationId(operation.route)}`;

const SECRET = /password|token|pin$|^code$|^recoveryCode$/i;

/** The body for people to see. */
export function withoutSecrets(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(withoutSecrets);
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, SECRET.test(name) ? "•••" : withoutSecrets(value)]),
  );
}
