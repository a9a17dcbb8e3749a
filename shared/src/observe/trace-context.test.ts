// After the rules of https://www.w3.org/TR/trace-context/, sections 2 and 3.
import { describe, expect, test } from "bun:test";
import { spanAfter } from "./request-scope.ts";
import {
  AS_PARENT,
  childOf,
  headersOf,
  newTrace,
  traceFrom,
  traceparentOf,
  tracestateOf,
} from "./trace-context.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const PARENT_ID = "b7ad6b7169203331";
const TRACE = `00-${TRACE_ID}-${PARENT_ID}-01`;
const from = (traceparent: string, tracestate?: string) => traceFrom(traceparent, tracestate, AS_PARENT);

describe("a span after a caller's", () => {
  test("is in its trace, with an id of its own", () => {
    const span = from(TRACE);
    expect(span).toMatchObject({ traceId: TRACE_ID, parentId: PARENT_ID, isSampled: true });
    expect(span?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(span?.spanId).not.toBe(PARENT_ID);
  });

  test.each([
    ["00", false],
    ["01", true],
    ["02", false],
    ["ff", true],
  ])("with flags %p, has the sampled flag %p, and passes no other on", (flags, isSampled) => {
    const span = from(`00-${TRACE_ID}-${PARENT_ID}-${flags}`);
    expect(span?.isSampled).toBe(isSampled);
    expect(span && traceparentOf(span)).toEndWith(isSampled ? "-01" : "-00");
  });

  test.each([`cc${TRACE.slice(2)}`, `cc${TRACE.slice(2)}-what-comes-later`])(
    "of a later version continues the trace in ours: %s",
    (traceparent) => {
      expect(from(traceparent)).toMatchObject({ traceId: TRACE_ID, parentId: PARENT_ID });
    },
  );

  test.each([
    ["nothing", ""],
    ["other text", "nonsense"],
    ["capitals", TRACE.toUpperCase()],
    ["more than version 00 has", `${TRACE}-more`],
    ["a later version with text at its end", `cc${TRACE.slice(2)}.more`],
    ["version ff", `ff${TRACE.slice(2)}`],
    ["no trace id", `00-${"0".repeat(32)}-${PARENT_ID}-01`],
    ["no parent id", `00-${TRACE_ID}-${"0".repeat(16)}-01`],
    ["two values", `${TRACE}, ${TRACE}`],
    ["a line after it", `${TRACE}\n`],
  ])("is the first of a new trace when traceparent is %s", (_, traceparent) => {
    expect(from(traceparent, "a=1")).toBeUndefined();
    const made = spanAfter({ traceparent, tracestate: "a=1" });
    expect(made.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect([made.traceId === TRACE_ID, made.parentId, made.state]).toEqual([false, undefined, undefined]);
  });
});

test("a call out is a child span, with the trace's flag and state", () => {
  const span = from(TRACE, "a=1");
  const call = span && childOf(span);
  expect(call).toMatchObject({ traceId: TRACE_ID, parentId: span?.spanId });
  expect(call && headersOf(call)).toEqual({
    traceparent: `00-${TRACE_ID}-${call?.spanId}-01`,
    tracestate: "a=1",
  });
});

test("a new trace is sampled as the sampler says", () => {
  expect(newTrace(AS_PARENT).isSampled).toBe(false);
  expect(newTrace(() => true).isSampled).toBe(true);
});

describe("tracestate", () => {
  const member = (key: string, length: number) => `${key}=${"x".repeat(length - key.length - 1)}`;

  test.each([
    ["one", "rojo=00f067aa0ba902b7"],
    ["several", "rojo=1,congo=t61rcWkgMzE"],
    ["a tenant's key", "0tenant@sys=1"],
    ["a value with spaces inside", "a=b c"],
    ["all that a value may have", "a=!\"#$%&'()*+-./:;<>?@[\\]^_`{|}~"],
    ["32", Array.from({ length: 32 }, (_, i) => `k${i}=1`).join(",")],
    ["512 characters", [member("a", 255), member("b", 256)].join(",")],
  ])("with %s valid member is passed on", (_, state) => {
    expect(tracestateOf(state)).toBe(state);
  });

  test("loses spaces between members and empty members", () => {
    expect(tracestateOf(" a=1 , ,\tb=2,")).toBe("a=1,b=2");
  });

  test.each([
    ["nothing", ""],
    ["only commas", ", ,"],
    ["no value", "a"],
    ["an empty value", "a="],
    ["an equals sign in a value", "a=b=c"],
    ["a capital in a key", "A=1"],
    ["a control character", "a=\u0007"],
    ["a key that is too long", `${"k".repeat(257)}=1`],
    ["33 members", Array.from({ length: 33 }, (_, i) => `k${i}=1`).join(",")],
  ])("with %s is dropped", (_, state) => {
    expect(tracestateOf(state)).toBeUndefined();
  });

  test("that is too long loses long members first, then the last ones", () => {
    const short = Array.from({ length: 6 }, (_, i) => member(`k${i}`, 100));
    expect(tracestateOf([member("long", 129), ...short].join(","))).toBe(short.slice(0, 5).join(","));
    expect(tracestateOf([member("long", 129), ...short.slice(0, 5)].join(","))).toBe(
      short.slice(0, 5).join(","),
    );
  });
});
