// Names and attributes of spans, after the semantic conventions of OpenTelemetry 1.38 for HTTP and databases. Left out are
// those with ids, values of queries or text of strangers: `url.path`, `url.full`, `db.query.text`, `client.address`.
import { knownMethod } from "./known-method.ts";
import { SPAN_KIND, type SpanType, spanTypes } from "./spans.ts";

/** A request to this service. `route` is the pattern. */
export const serverSpan = spanTypes((method: string, route: string, status: number): SpanType => {
  const known = knownMethod(method, "_OTHER");
  return {
    name: route === "unmatched" ? known : `${known} ${route}`,
    kind: SPAN_KIND.server,
    attributes: {
      "http.request.method": known,
      ...(route !== "unmatched" && { "http.route": route }),
      "http.response.status_code": status,
      "url.scheme": "http",
      ...(status >= 500 && { "error.type": String(status) }),
    },
    isError: status >= 500,
  };
});

/** A call to another service or to a webhook. `status` is 0 without an answer, `failure` says why. */
export const callSpan = spanTypes((method: string, to: string, status: number, failure: string): SpanType => {
  const error = failure || (status >= 400 ? String(status) : "");
  return {
    name: `${method} ${to}`,
    kind: SPAN_KIND.client,
    attributes: {
      "http.request.method": method,
      "peer.service": to,
      ...(status > 0 && { "http.response.status_code": status }),
      ...(error && { "error.type": error }),
    },
    isError: error !== "",
  };
});

export type DatabaseSystem = "mongodb" | "redis";

/** A command to a database. `collection` is empty for commands without one, and for Redis. */
export const commandSpan = spanTypes(
  (system: DatabaseSystem, command: string, collection: string, outcome: string): SpanType => ({
    name: collection ? `${command} ${collection}` : command,
    kind: SPAN_KIND.client,
    attributes: {
      "db.system.name": system,
      "db.operation.name": command,
      ...(collection && { "db.collection.name": collection }),
      ...(outcome !== "ok" && { "error.type": outcome }),
    },
    isError: outcome !== "ok",
  }),
);
