import { expect, test } from "bun:test";
import { Registry } from "prom-client";
import { durations, SERIES_MAX } from "./durations.ts";

function measured() {
  const registry = new Registry();
  registry.setDefaultLabels({ service: "test" });
  const { observe } = durations(registry, {
    ...{ name: "call_seconds", help: "Calls", labelNames: ["to", "status"], buckets: [0.1, 1] },
  });
  return { observe, render: () => registry.metrics() };
}

test("counts each observation in its bucket and in those above", async () => {
  const { observe, render } = measured();
  for (const seconds of [0.05, 0.1, 0.5, 2]) observe(seconds, "here", "200");
  observe(0.5, "here", "404");
  const lines = (await render()).split("\n");
  expect(lines.slice(0, 7)).toEqual([
    "# HELP call_seconds Calls",
    "# TYPE call_seconds histogram",
    'call_seconds_bucket{le="0.1",to="here",status="200",service="test"} 2',
    'call_seconds_bucket{le="1",to="here",status="200",service="test"} 3',
    'call_seconds_bucket{le="+Inf",to="here",status="200",service="test"} 4',
    'call_seconds_sum{to="here",status="200",service="test"} 2.65',
    'call_seconds_count{to="here",status="200",service="test"} 4',
  ]);
  expect(lines).toContain('call_seconds_count{to="here",status="404",service="test"} 1');
});

test("with too many labels, counts the rest as one series and loses none", async () => {
  const { observe, render } = measured();
  const extra = 50;
  for (let i = 0; i < SERIES_MAX + extra; i++) observe(0.5, `host-${i}`, "200");
  observe(0.5, "host-0", "200");
  const counts = (await render()).split("\n").filter((line) => line.startsWith("call_seconds_count"));
  expect(counts).toHaveLength(SERIES_MAX + 1);
  expect(counts).toContain(`call_seconds_count{to="other",status="other",service="test"} ${extra}`);
  expect(counts).toContain('call_seconds_count{to="host-0",status="200",service="test"} 2');
});
