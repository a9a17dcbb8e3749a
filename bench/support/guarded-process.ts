// One process with the same cached read behind three servers: open to all, for callers with a token, and for anybody with a
// limit for each address. Writes their URLs as one line of JSON.
import { type AccessTable, ANYONE } from "@food/shared/auth/access";
import { guard } from "@food/shared/auth/guard";
import { newTokenEnds } from "@food/shared/auth/token-ends";
import { readSigningKeys, tokenVerifier } from "@food/shared/auth/tokens";
import { httpApp } from "@food/shared/http/app";
import { serve } from "@food/shared/http/serve";
import { createLog } from "@food/shared/observe/log";
import { createMetrics } from "@food/shared/observe/metrics";
import { newLifecycle } from "@food/shared/process/lifecycle";
import { requestLimits } from "@food/shared/service/request-limits";
import { connectRedis } from "@food/shared/storage/redis";
import type { AnyElysia } from "elysia";

const { REDIS_URL = "", SIGNING_KEY = "" } = process.env;
const log = createLog("bench", "silent");
const keys = { issuer: { roles: ["user"], keys: (await readSigningKeys(SIGNING_KEY)).publicKeys } };
const verify = tokenVerifier("bench", keys, newTokenEnds());
const countRequest = requestLimits(connectRedis(REDIS_URL, log), "bench", {
  REQUESTS_PER_MINUTE: 1e9,
  ANONYMOUS_REQUESTS_PER_MINUTE: 1e9,
});
const guarded = (row: AccessTable[keyof AccessTable]) =>
  httpApp(log).use(guard({ "GET /v1/things/:id": row }, verify, { countRequest }));

const BYTES = JSON.stringify({ text: "x".repeat(2_000) });
const urlOf = (app: AnyElysia) =>
  serve({
    app: app.get(
      "/v1/things/:id",
      () => new Response(BYTES, { headers: { "content-type": "application/json" } }),
    ),
    ...{ hostname: "127.0.0.1", port: 0, log },
    metrics: createMetrics("bench"),
    lifecycle: newLifecycle(),
  }).url;

const urls = {
  open: urlOf(httpApp(log)),
  caller: urlOf(guarded({ roles: ["user"], owns: "own thing" })),
  anonymous: urlOf(guarded(ANYONE)),
};
process.stdout.write(`${JSON.stringify(urls)}\n`);
