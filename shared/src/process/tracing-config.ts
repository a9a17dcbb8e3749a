// The standard variables of OpenTelemetry (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
import { Type } from "@sinclair/typebox";

const PAIRS = "^([^=,\\s]+=[^,]*(,\\s*[^=,\\s]+=[^,]*)*)?$";
const isDecodable = (text: string) => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};
const Pairs = (description: string) =>
  Type.String({
    pattern: PAIRS,
    default: "",
    description,
    check: isDecodable,
    expects: "pairs such as name=value, with commas between them and values in percent encoding",
  });

const SAMPLERS = [
  ...["always_on", "always_off", "traceidratio"],
  ...["parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"],
];

/** For every service. */
export const TracingConfig = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.String({
    pattern: "^(https?://\\S+)?$",
    default: "",
    description:
      "Where spans are sent, by OTLP/HTTP with JSON to /v1/traces below it; without one none are recorded",
    check: (text: string) => text === "" || URL.canParse(text),
    expects: "a URL that begins with http:// or https://",
  }),
  OTEL_EXPORTER_OTLP_HEADERS: Pairs("Headers of those requests, such as a key"),
  OTEL_EXPORTER_OTLP_TIMEOUT: Type.Integer({
    minimum: 1,
    maximum: 600_000,
    default: 10_000,
    description: "How long one of those requests may take",
    expects: "a whole number of milliseconds",
  }),
  OTEL_SERVICE_NAME: Type.String({
    pattern: "^[\\w./:-]{0,200}$",
    default: "",
    description: "The name of the service in its spans; by default its own",
    expects: "a name of up to 200 letters, digits and . / : _ -",
  }),
  OTEL_RESOURCE_ATTRIBUTES: Pairs("Attributes of all spans, such as deployment.environment.name=production"),
  OTEL_TRACES_SAMPLER: Type.Union(
    SAMPLERS.map((name) => Type.Literal(name)),
    {
      default: "parentbased_always_on",
      description: "Which traces are recorded; parentbased_ keeps the choice of the caller",
      expects: SAMPLERS.join(", "),
    },
  ),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: "The share of traces for traceidratio",
    expects: "a number from 0 to 1",
  }),
};
