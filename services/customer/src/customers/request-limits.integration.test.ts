import { expect, test } from "bun:test";
import { call, describeWithDatabases, fromNewAddress } from "@food/shared/testing/service";
import { type Problem, startCustomerService } from "../customer-service.builder.ts";

describeWithDatabases("the service", () => {
  test("answers 429 above the limits of its settings: of an account, and of an address without a token", async () => {
    const service = await startCustomerService({
      config: { REQUESTS_PER_MINUTE: 3, ANONYMOUS_REQUESTS_PER_MINUTE: 3 },
    });
    const { token } = await service.signUp();
    const headers = fromNewAddress();
    const asks = {
      own: () => call<Problem>(service.url, "GET /v1/customers/me", { token, headers }),
      public: () => call<Problem>(service.url, "GET /.well-known/jwks.json", { headers }),
      anonymous: () => call<Problem>(service.url, "GET /v1/customers/me", { headers }),
    };
    // A window of the clock may end meanwhile, so the fourth request in a row is refused in one of two.
    const statusesOf = async (ask: () => Promise<{ status: number }>) => {
      const all: number[] = [];
      for (let n = 0; n < 8; n++) all.push((await ask()).status);
      return all;
    };
    expect(await statusesOf(asks.own)).toContain(429);
    expect(await statusesOf(asks.anonymous)).toContain(429);
    expect(await statusesOf(asks.public)).not.toContain(429);
    const { status, body, headers: answered } = await asks.own();
    expect([200, 429]).toContain(status);
    if (status === 429) {
      expect(body.code).toBe("TOO_MANY_REQUESTS");
      expect(Number(answered.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(answered.get("ratelimit-policy")).toBe('"caller";q=3;w=60');
  });
});
