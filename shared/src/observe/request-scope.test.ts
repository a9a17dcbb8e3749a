import { describe, expect, test } from "bun:test";
import {
  currentScope,
  currentTrace,
  inBackground,
  inTraceOnly,
  outsideRequests,
  runInScope,
  scopeOf,
  withoutDeadline,
} from "./request-scope.ts";

const scope = (headers: Record<string, string>, now = 1_000) =>
  scopeOf(new Headers(headers), () => "10.0.0.1", now);
const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

describe("the request's ids", () => {
  test("are the caller's when they are well formed", () => {
    const { requestId, trace } = scope({ "x-request-id": "req-1:a.b_c", traceparent: TRACE });
    expect([requestId, trace.traceId]).toEqual(["req-1:a.b_c", TRACE.split("-")[1] ?? ""]);
  });

  test.each([[""], ["has space"], ["<script>"], ["a".repeat(101)], ['"quoted"'], ["a;b"]])(
    "are generated when X-Request-Id is %p",
    (id) => {
      expect(scope({ "x-request-id": id }).requestId).toMatch(/^[0-9a-f]{32}$/);
    },
  );

  test("differ between requests", () => {
    expect(scope({}).requestId).not.toBe(scope({}).requestId);
  });
});

describe("the deadline", () => {
  test.each([
    ["2500", 2_500],
    ["1", 1],
    ["30000", 30_000],
    ["30001", 30_000],
    ["1e9", 30_000],
    ["Infinity", 30_000],
    ["0", 10_000],
    ["-5", 10_000],
    ["soon", 10_000],
    ["", 10_000],
  ])("of a caller that waits %p ms is in %p ms", (header, expectedMs) => {
    expect(scope({ "x-request-timeout-ms": header }, 5_000).deadlineAt).toBe(5_000 + expectedMs);
  });

  test("is in ten seconds when the caller sends none", () => {
    expect(scope({}, 5_000).deadlineAt).toBe(15_000);
  });
});

test("two requests at once each keep their own scope over an await", async () => {
  const seen = await Promise.all(
    ["a", "b"].map((id) =>
      runInScope(scope({ "x-request-id": id }), async () => {
        await Promise.resolve();
        return currentScope()?.requestId;
      }),
    ),
  );
  expect(seen).toEqual(["a", "b"]);
  expect(currentScope()).toBeUndefined();
});

test("work that a request causes keeps its trace alone, also after an await", async () => {
  const request = scope({ traceparent: TRACE });
  const seen: unknown[] = [];
  const work = async () => {
    await Promise.resolve();
    seen.push(currentScope(), currentTrace());
  };
  runInScope(request, () => inBackground(work));
  await runInScope(request, inTraceOnly(work));
  inBackground(work);
  await Bun.sleep(0);
  expect(seen).toEqual([undefined, request.trace, undefined, request.trace, undefined, undefined]);
});

describe("work outside requests", () => {
  const inRequest = <T>(run: () => T) => runInScope(scope({ "x-request-id": "a" }), run);

  test("has no scope, also after an await, and leaves the request's scope unchanged", async () => {
    const seen: unknown[] = [];
    const work = async (first: string) => {
      seen.push(first, currentScope());
      await Promise.resolve();
      seen.push(currentScope());
    };
    await inRequest(async () => {
      await outsideRequests(work)("given");
      seen.push(currentScope()?.requestId);
    });
    expect(seen).toEqual(["given", undefined, undefined, "a"]);
  });

  test("starts at once in the background", () => {
    let seen: unknown = "nothing yet";
    inRequest(() => inBackground(() => (seen = currentScope())));
    expect(seen).toBeUndefined();
  });
});

test("withoutDeadline keeps the request's ids and removes its deadline", () => {
  const shared = runInScope(scope({ "x-request-id": "a" }), () => withoutDeadline(currentScope));
  expect(shared).toMatchObject({ requestId: "a", deadlineAt: Infinity });
  expect(withoutDeadline(currentScope)).toBeUndefined();
});
