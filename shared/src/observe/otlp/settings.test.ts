import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { ConfigError, readConfig } from "../../process/config.ts";
import { TracingConfig } from "../../process/tracing-config.ts";
import { randomHex } from "../trace-context.ts";
import { pairsOf, samplerOf } from "./settings.ts";

describe("the sampler", () => {
  const traces = Array.from({ length: 2_000 }, () => randomHex(16));
  const share = (OTEL_TRACES_SAMPLER: string, ofParent?: boolean, ratio = 0.25) => {
    const sampler = samplerOf({ OTEL_TRACES_SAMPLER, OTEL_TRACES_SAMPLER_ARG: ratio });
    return traces.filter((traceId) => sampler(traceId, ofParent)).length / traces.length;
  };

  test.each([
    ["always_on", 1, 1, 1],
    ["always_off", 0, 0, 0],
    ["parentbased_always_on", 1, 1, 0],
    ["parentbased_always_off", 0, 1, 0],
  ])("%s records %d of new traces, %d of sampled and %d of other ones", (name, fresh, sampled, other) => {
    expect([share(name), share(name, true), share(name, false)]).toEqual([fresh, sampled, other]);
  });

  test("by ratio records that share, of the callers' traces only without parentbased_", () => {
    for (const found of [
      share("traceidratio"),
      share("traceidratio", false),
      share("parentbased_traceidratio"),
    ])
      expect(found).toBeWithin(0.2, 0.3);
    expect(share("parentbased_traceidratio", true)).toBe(1);
    expect(share("parentbased_traceidratio", false)).toBe(0);
    expect([share("traceidratio", undefined, 0), share("traceidratio", undefined, 1)]).toEqual([0, 1]);
  });

  test("by ratio records the same traces in every service, and those of a smaller ratio too", () => {
    const [few, many] = [0.1, 0.5].map((ratio) =>
      samplerOf({ OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: ratio }),
    );
    expect(traces.every((traceId) => !few?.(traceId) || many?.(traceId))).toBe(true);
  });

  test("without settings records all new traces, and those that the caller records", () => {
    const sampler = samplerOf({});
    expect([sampler("a"), sampler("a", true), sampler("a", false)]).toEqual([true, true, false]);
  });
});

test("pairs have values in percent encoding, and spaces around them", () => {
  expect(pairsOf("a=1, b=x%2Cy%3D ,c=")).toEqual([
    ["a", "1"],
    ["b", "x,y="],
    ["c", ""],
  ]);
});

describe("the variables of OpenTelemetry", () => {
  const faultsOf = (env: Record<string, string>) => {
    try {
      readConfig(Type.Object(TracingConfig), env);
    } catch (error) {
      if (error instanceof ConfigError) return error.faults;
    }
    return [];
  };

  test("may be left out, and then nothing is recorded", () => {
    expect(readConfig(Type.Object(TracingConfig), {})).toEqual({
      OTEL_EXPORTER_OTLP_ENDPOINT: "",
      OTEL_EXPORTER_OTLP_HEADERS: "",
      OTEL_EXPORTER_OTLP_TIMEOUT: 10_000,
      OTEL_SERVICE_NAME: "",
      OTEL_RESOURCE_ATTRIBUTES: "",
      OTEL_TRACES_SAMPLER: "parentbased_always_on",
      OTEL_TRACES_SAMPLER_ARG: 1,
    });
  });

  test.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "api-key"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "api-key=%"],
    ["OTEL_EXPORTER_OTLP_TIMEOUT", "10s"],
    ["OTEL_RESOURCE_ATTRIBUTES", "=1"],
    ["OTEL_TRACES_SAMPLER", "jaeger_remote"],
    ["OTEL_TRACES_SAMPLER_ARG", "25%"],
    ["OTEL_TRACES_SAMPLER_ARG", "1.5"],
  ])("%s=%s is a fault", (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} is not valid`))]);
  });

  test("may be all set", () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example:4318/otlp",
      OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%3D,b=2",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=production,team=x",
      OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "0.01",
    };
    expect(faultsOf(env)).toEqual([]);
  });
});
