// A client of a fake downstream service, for tests.
import { Type } from "@sinclair/typebox";
import { type FakeService, fakeService, identityOf } from "../../testing/service.ts";
import { createMetrics } from "../observe/metrics.ts";
import { runInScope, scopeOf } from "../observe/request-scope.ts";
import { type Call, serviceClient } from "./service-client.ts";

export const Shape = Type.Object({ count: Type.Integer() });
export const me = await identityOf("me");
export const GET: Call = { method: "GET", path: "/x" };
export const POST: Call = { method: "POST", path: "/x", body: { a: 1 } };
export const AWAY = { status: 503, code: "DEPENDENCY_UNAVAILABLE", extras: { retryAfterSeconds: 1 } };

export async function downstream(
  answer: (request: Request, attempt: number) => Response | Promise<Response>,
) {
  const requests: Headers[] = [];
  const service: FakeService = await fakeService("them", (request) => {
    requests.push(new Headers(request.headers));
    return answer(request, requests.length);
  });
  const metrics = createMetrics("me");
  const client = serviceClient({
    ...{ to: "them", baseUrl: `${service.url}/`, from: "me", signToken: me.sign, metrics },
  });
  return { client, requests, metrics };
}
export const inScope = <T>(headers: Record<string, string>, run: () => T) =>
  runInScope(
    scopeOf(new Headers(headers), () => "", performance.now()),
    run,
  );
export const never = () => new Promise<Response>(() => undefined);
export const problem = (status: number, extras = {}) =>
  Response.json(
    { type: "about:blank", title: "T", status, code: "THEIR_CODE", detail: "Their words.", ...extras },
    { status, headers: { "content-type": "application/problem+json" } },
  );
