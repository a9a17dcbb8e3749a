// Liveness: the process runs. Readiness: it can serve now. Redis is optional: everything works without it, so its loss
// must not take all replicas out of service.
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { Metrics } from "../observe/metrics.ts";
import type { Lifecycle } from "../process/lifecycle.ts";
import { regionField } from "../values/region.ts";
import { privateDetailOf } from "./detail.ts";

const CHECK_TIMEOUT_MS = 2_000;
const detail = privateDetailOf("operations");

export interface HealthDeps {
  lifecycle: Lifecycle;
  metrics: Metrics;
  /** Must answer for the service to be ready. */
  required: Record<string, () => Promise<unknown>>;
  /** Reported, but not required. */
  optional: Record<string, () => Promise<unknown>>;
}

export const Health = Type.Object({
  status: Type.String(),
  checks: Type.Record(Type.String(), Type.String()),
  region: Type.Optional(Type.String({ description: "Where the platform has regions" })),
});

async function answers(check: () => Promise<unknown>): Promise<boolean> {
  const timeout = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => timeout.resolve(false), CHECK_TIMEOUT_MS);
  const checked = check().then(
    () => true,
    () => false,
  );
  return Promise.race([checked, timeout.promise]).finally(() => clearTimeout(timer));
}

async function runChecks(checks: HealthDeps["required"]): Promise<[string, boolean][]> {
  return Promise.all(
    Object.entries(checks).map(
      async ([name, check]): Promise<[string, boolean]> => [name, await answers(check)],
    ),
  );
}

const word = ([name, up]: [string, boolean]) => [name, up ? "up" : "down"];

export const healthRoutes = ({ lifecycle, metrics, required, optional }: HealthDeps) =>
  new Elysia({ name: "health" })
    .get("/health/live", ({ status }) => status(200, { status: "live", checks: {}, ...regionField() }), {
      response: { 200: Health },
      detail: detail("Whether the process runs"),
    })
    .get(
      "/health/ready",
      async ({ status }) => {
        const [needed, others] = await Promise.all([runChecks(required), runChecks(optional)]);
        const checks = Object.fromEntries([...needed, ...others].map(word));
        if (lifecycle.isDraining) return status(503, { status: "stopping", checks, ...regionField() });
        if (needed.some(([, up]) => !up))
          return status(503, { status: "not ready", checks, ...regionField() });
        return status(200, {
          status: others.every(([, up]) => up) ? "ready" : "degraded",
          checks,
          ...regionField(),
        });
      },
      {
        response: { 200: Health, 503: Health },
        detail: detail("Whether it can do its work"),
      },
    )
    .get(
      "/metrics",
      async () =>
        new Response(await metrics.render(), {
          headers: { "content-type": metrics.registry.contentType },
        }),
      { detail: { ...detail("Prometheus metrics"), hide: true } },
    );
