import { afterEach, describe, expect, test } from "bun:test";
import { parseInstance } from "../day/instance.ts";
import { ORIGIN, planeAround } from "../day/plane.ts";
import { promisesFor } from "../day/promises.ts";
import { smallDay } from "../day/small-day.builder.ts";
import { apiClient } from "./api.ts";
import { openBook } from "./book.ts";
import { startClock } from "./clock.ts";
import { follow } from "./customers.ts";
import { Session } from "./session.ts";

let server: ReturnType<typeof Bun.serve> | undefined;
afterEach(() => server?.stop(true));

/** Follows an order that has these statuses one after the other. The last one is repeated. */
async function followed(...statuses: { status: string; version: number }[]) {
  const last = statuses.at(-1);
  server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch({ url }) {
      if (url.endsWith("/status")) return Response.json(statuses.shift() ?? last);
      if (url.includes("/v1/orders")) return Response.json({ status: last?.status, reason: "no_courier" });
      return Response.json({ accessToken: "t", refreshToken: "r", expiresIn: 900 }, { status: 201 });
    },
  });
  const url = server.url.href;
  const api = apiClient({ customer: url, restaurant: url, order: url, delivery: url });
  const account = { service: "customer", email: "ada@example.com", password: "correct horse" } as const;
  const session = await Session.register(api, account, "/v1/customers", {});
  const instance = parseInstance(smallDay());
  const book = openBook(instance.orders, []);
  const [record] = book.orders;
  if (!record) throw new Error("The small day has orders");
  book.place(record, "ord_1", 10);
  const clock = startClock({ startMinute: 0, speed: 60 });
  const pace = { pollMs: 1, locationMs: 1, idleLocationMs: 1, followMs: 1 };
  const { promisedMinute } = promisesFor(instance, { noiseSd: 0, seed: 1, history: 0 });
  const company = {
    api,
    instance,
    plane: planeAround(ORIGIN),
    book,
    promisedMinute,
    runId: "",
    password: "",
  };
  const stage = { ...company, clock, pace };
  await follow(stage, { session, addressId: "", idempotencyKey: "" }, record, new Set());
  return { record, errors: [...api.traffic.errors.keys()] };
}

describe("a customer who follows an order", () => {
  test("reads the order once it has ended", async () => {
    const statuses = [
      { status: "accepted", version: 2 },
      { status: "cancelled", version: 3 },
    ];
    const { record, errors } = await followed(...statuses);
    expect(record).toMatchObject({ status: "cancelled", reason: "no_courier" });
    expect(errors).toEqual([]);
  });

  test("counts an error when the version goes backwards", async () => {
    const statuses = [
      { status: "preparing", version: 3 },
      { status: "accepted", version: 2 },
      { status: "cancelled", version: 4 },
    ];
    expect((await followed(...statuses)).errors).toEqual(["GET /v1/orders/:id/status went backwards"]);
  });
});
