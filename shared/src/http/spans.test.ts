// What a service records of a request and its calls.
import { afterEach, expect, test } from "bun:test";
import { runApp } from "../../testing/running-app.ts";
import { fakeService, identityOf } from "../../testing/service.ts";
import { type EndedSpan, recordSpans } from "../observe/spans.ts";
import { serviceClient } from "./service-client.ts";

afterEach(() => recordSpans());

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
const SECRET = "s3cret-of-a-stranger";

/** A service whose route calls another one with an id and a query. */
async function started(answer: () => Response | Promise<Response>) {
  const spans: EndedSpan[] = [];
  const downstream = await fakeService("them", answer);
  const me = await identityOf("me");
  const client = serviceClient({ to: "them", baseUrl: downstream.url, from: "me", signToken: me.sign });
  const path = `/things/${SECRET}?name=${SECRET}`;
  const { url } = runApp((app) =>
    app
      .get("/v1/things/:id", () => client.forward({ method: "GET", path, timeoutMs: 200 }))
      .get("/health/live", () => "live"),
  );
  recordSpans(
    (span) => void spans.push(span),
    (_, ofParent = true) => ofParent,
  );
  const get = (route: string, headers: Record<string, string> = {}) => fetch(`${url}${route}`, { headers });
  return { spans, get, downstream };
}

test("a request is a span with its route, and a call a child of it, whose id the other service gets", async () => {
  const { spans, get, downstream } = await started(() => Response.json({}));
  await get(`/v1/things/${SECRET}`, { traceparent: `${TRACE}-01` });
  const [call, request] = spans;
  expect(request?.type).toEqual({
    ...{ name: "GET /v1/things/:id", kind: 2, isError: false },
    attributes: {
      "http.request.method": "GET",
      "http.route": "/v1/things/:id",
      "http.response.status_code": 200,
      "url.scheme": "http",
    },
  });
  expect(call?.type).toEqual({
    ...{ name: "GET them", kind: 3, isError: false },
    attributes: { "http.request.method": "GET", "peer.service": "them", "http.response.status_code": 200 },
  });
  expect(request?.trace).toMatchObject({ traceId: TRACE.split("-")[1], parentId: TRACE.split("-")[2] });
  expect(call?.trace).toMatchObject({ traceId: request?.trace.traceId, parentId: request?.trace.spanId });
  expect(downstream.headers[0]?.get("traceparent")?.split("-")[2]).toBe(call?.trace.spanId ?? "");
  expect(JSON.stringify(spans)).not.toContain(SECRET);
});

test("each try of a call is a span, and a failure is an error", async () => {
  const { spans, get } = await started(() => new Response("down", { status: 503 }));
  await get("/v1/things/1");
  expect(spans.map(({ type }) => [type.name, type.isError, type.attributes["error.type"]])).toEqual([
    ["GET them", true, "503"],
    ["GET them", true, "503"],
    ["GET /v1/things/:id", true, "503"],
  ]);
});

test("a call without an answer is an error with its kind", async () => {
  const { spans, get } = await started(() => new Promise(() => undefined));
  await get("/v1/things/1");
  expect(spans[0]?.type.attributes).toMatchObject({ "error.type": "timeout" });
  expect(spans[0]?.type.attributes).not.toHaveProperty("http.response.status_code");
});

test("a path that no route has is not in the span, and a refusal is no error of the service", async () => {
  const { spans, get } = await started(() => Response.json({}));
  await get(`/${SECRET}`);
  expect(spans.map(({ type }) => [type.name, type.isError])).toEqual([["GET", false]]);
  expect(JSON.stringify(spans)).not.toContain(SECRET);
});

test("probes are not recorded, and neither is what the caller does not record", async () => {
  const { spans, get } = await started(() => Response.json({}));
  expect((await get("/health/live")).status).toBe(200);
  expect((await get("/v1/things/1", { traceparent: `${TRACE}-00` })).status).toBe(200);
  expect(spans).toEqual([]);
});
