// A collector of spans for tests: takes OTLP/HTTP with JSON, and nothing that the specification does not allow.
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

const closed = { additionalProperties: false };
const Hex = (digits: number) => Type.String({ pattern: `^[0-9a-f]{${digits}}$` });
const Nanos = Type.String({ pattern: "^[1-9][0-9]{18}$" });
const Attributes = Type.Array(
  Type.Object(
    {
      key: Type.String({ minLength: 1 }),
      value: Type.Union([
        Type.Object({ stringValue: Type.String() }, closed),
        Type.Object({ intValue: Type.String({ pattern: "^-?[0-9]+$" }) }, closed),
      ]),
    },
    closed,
  ),
);
const Span = Type.Object(
  {
    traceId: Hex(32),
    spanId: Hex(16),
    parentSpanId: Type.Optional(Hex(16)),
    traceState: Type.Optional(Type.String()),
    name: Type.String({ minLength: 1 }),
    kind: Type.Integer({ minimum: 1, maximum: 5 }),
    startTimeUnixNano: Nanos,
    endTimeUnixNano: Nanos,
    attributes: Attributes,
    status: Type.Optional(Type.Object({ code: Type.Literal(2) }, closed)),
    links: Type.Optional(Type.Array(Type.Object({ traceId: Hex(32), spanId: Hex(16) }, closed))),
  },
  closed,
);
const ExportRequest = Type.Object(
  {
    resourceSpans: Type.Array(
      Type.Object(
        {
          resource: Type.Object({ attributes: Attributes }, closed),
          scopeSpans: Type.Array(
            Type.Object(
              { scope: Type.Object({ name: Type.String() }, closed), spans: Type.Array(Span) },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  closed,
);

export interface CollectedSpan
  extends Pick<Static<typeof Span>, "traceId" | "spanId" | "name" | "kind" | "traceState"> {
  /** Empty for the first span of a trace. */
  parentId: string;
  service: string;
  resource: Record<string, string>;
  attributes: Record<string, string>;
  startMs: number;
  endMs: number;
  isError: boolean;
  links: { traceId: string; spanId: string }[];
}

export interface Collector {
  url: string;
  /** What was taken. */
  spans: CollectedSpan[];
  /** The headers of each request, also of those that were refused. */
  requests: Headers[];
  /** Why requests were refused that are not OTLP. */
  refusals: string[];
  /** The answer to each request; replace it to fail. */
  answer: () => Response | Promise<Response>;
  stop: () => Promise<void>;
}

const valuesOf = (attributes: Static<typeof Attributes>) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, "intValue" in value ? value.intValue : value.stringValue]),
  );
const millis = (nanos: string) => Number(BigInt(nanos) / 1_000n) / 1_000;

function spansOf(body: Static<typeof ExportRequest>): CollectedSpan[] {
  return body.resourceSpans.flatMap((one) => {
    const resource = valuesOf(one.resource.attributes);
    return one.scopeSpans.flatMap(({ spans }) =>
      spans.map(({ parentSpanId = "", attributes, startTimeUnixNano, endTimeUnixNano, status, ...span }) => ({
        ...span,
        ...{ parentId: parentSpanId, attributes: valuesOf(attributes), links: span.links ?? [] },
        ...{ service: resource["service.name"] ?? "", resource, isError: status !== undefined },
        ...{ startMs: millis(startTimeUnixNano), endMs: millis(endTimeUnixNano) },
      })),
    );
  });
}

export function startCollector(): Collector {
  const server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, idleTimeout: 255 },
    async fetch(request) {
      collector.requests.push(new Headers(request.headers));
      const isOurs = request.method === "POST" && new URL(request.url).pathname === "/v1/traces";
      const body: unknown = isOurs ? await request.json().catch(String) : undefined;
      if (!Value.Check(ExportRequest, body)) {
        const error = Value.Errors(ExportRequest, body).First();
        const refusal = `Not OTLP: ${error?.path} ${error?.message}: ${JSON.stringify(error?.value)}`;
        collector.refusals.push(refusal);
        return new Response(refusal, { status: 400 });
      }
      const answer = await collector.answer();
      if (answer.ok) collector.spans.push(...spansOf(body));
      return answer;
    },
  });
  const collector: Collector = {
    ...{ url: server.url.origin, spans: [], requests: [], refusals: [] },
    answer: () => Response.json({}),
    stop: () => server.stop(true),
  };
  return collector;
}
