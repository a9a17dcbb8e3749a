// The standard variables of OpenTelemetry (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)
// as this service uses them.
import type { Sampler } from "../trace-context.ts";

export interface TracingSettings {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  OTEL_EXPORTER_OTLP_HEADERS?: string;
  OTEL_EXPORTER_OTLP_TIMEOUT?: number;
  OTEL_SERVICE_NAME?: string;
  OTEL_RESOURCE_ATTRIBUTES?: string;
  OTEL_TRACES_SAMPLER?: string;
  OTEL_TRACES_SAMPLER_ARG?: number;
}

/** `a=1,b=2` with values in percent encoding. */
export const pairsOf = (text = ""): [name: string, value: string][] =>
  text
    .split(",")
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
    });

const RANDOM_DIGITS = 14;

/** Services with the same ratio record the same traces. */
const ratioOf =
  (ratio: number): Sampler =>
  (traceId) =>
    Number.parseInt(traceId.slice(-RANDOM_DIGITS), 16) >= (1 - ratio) * 16 ** RANDOM_DIGITS;

export function samplerOf({
  OTEL_TRACES_SAMPLER: name = "parentbased_always_on",
  OTEL_TRACES_SAMPLER_ARG: ratio = 1,
}: TracingSettings): Sampler {
  const root = {
    always_on: () => true,
    always_off: () => false,
    traceidratio: ratioOf(ratio),
  }[name.replace("parentbased_", "")];
  if (!root) throw new Error(`Unknown sampler ${name}`);
  return name.startsWith("parentbased_")
    ? (traceId, ofParent) => ofParent ?? root(traceId)
    : (id) => root(id);
}
