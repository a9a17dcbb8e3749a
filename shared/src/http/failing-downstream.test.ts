import { describe, expect, test } from "bun:test";
import { eventually } from "../../testing/service.ts";
import { AWAY, downstream, GET, inScope, never, POST, problem, Shape } from "./service-client.builder.ts";
import { BREAKER } from "./service-client.ts";

const PATIENT = { ...POST, timeoutMs: 30_000 };

describe("a failing downstream service", () => {
  const quietly = (call: Promise<unknown>) => call.catch((error: unknown) => error);

  test("while it answers only 503, is called at most 1.1 times for each call", async () => {
    const { client, requests } = await downstream(() => problem(503));
    for (let i = 0; i < 200; i++) await quietly(client.ask(Shape, GET));
    expect(requests.length).toBeLessThanOrEqual(220);
  });

  test("is not called after ten consecutive failures, then once as a trial, and again after its success", async () => {
    let healthy = false;
    const { client, requests } = await downstream(() =>
      healthy ? Response.json({ count: 1 }) : problem(500),
    );
    const startedAt = performance.now();
    for (let i = 0; i < 30; i++) await quietly(client.ask(Shape, POST));
    const trialsMax = Math.floor((performance.now() - startedAt) / BREAKER.halfOpenAfterMs);
    expect(requests.length).toBeWithin(10, 10 + trialsMax + 1);
    healthy = true;
    await eventually(async () => (await quietly(client.ask(Shape, POST))) instanceof Error === false);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.ask(Shape, POST)));
    expect(answers).toHaveLength(20);
  });

  test("stays in use when callers' deadlines are short", async () => {
    let answering = false;
    const { client } = await downstream(() => (answering ? Response.json({ count: 1 }) : never()));
    for (let i = 0; i < 15; i++)
      await quietly(inScope({ "x-request-timeout-ms": "5" }, () => client.ask(Shape, POST)));
    answering = true;
    expect(await client.ask(Shape, POST)).toEqual({ count: 1 });
  });

  test("is called with the ids and deadline of the waiting caller", async () => {
    const gate = Promise.withResolvers<void>();
    const { client, requests } = await downstream(async () => {
      await gate.promise;
      return Response.json({ count: 1 });
    });
    const impatient = inScope({ "x-request-timeout-ms": "1000", "x-request-id": "impatient" }, () =>
      quietly(client.ask(Shape, POST)),
    );
    await eventually(async () => requests.length === 1);
    const busy = Array.from({ length: 63 }, () => client.ask(Shape, PATIENT));
    await eventually(async () => requests.length === 64);
    const patient = Array.from({ length: 10 }, (_, i) =>
      inScope({ "x-request-id": `patient-${i}` }, () => client.ask(Shape, PATIENT)),
    );
    await impatient;
    gate.resolve();
    expect(await Promise.all(patient)).toEqual(patient.map(() => ({ count: 1 })));
    await Promise.all(busy);
    const ids = requests.map((headers) => headers.get("x-request-id"));
    expect(ids.slice(64).toSorted()).toEqual(patient.map((_, i) => `patient-${i}`));
  });

  test("delays a limited number of calls, and the others fail at once", async () => {
    const { client, requests } = await downstream(never);
    const calls = Array.from({ length: 200 }, () =>
      quietly(client.ask(Shape, { ...POST, timeoutMs: 1_000 })),
    );
    const first = await Promise.race(calls);
    expect(first).toMatchObject(AWAY);
    await eventually(async () => requests.length >= 64);
    await Promise.all(calls);
    expect(requests.length).toBeLessThanOrEqual(128);
  });

  test("that is slow is asked for no more than it answers in time", async () => {
    let worked = 0;
    let lane = Promise.resolve<unknown>(undefined);
    // Works on one call after the other, also on those whose caller has given up.
    const { client } = await downstream(async () => {
      lane = lane.then(() => Bun.sleep(10));
      await lane;
      worked++;
      return Response.json({ count: 1 });
    });
    let answered = 0;
    const caller = async () => {
      while (worked < 600)
        if (!((await quietly(client.ask(Shape, { ...POST, timeoutMs: 300 }))) instanceof Error)) answered++;
        else await Bun.sleep(20);
    };
    await Promise.all(Array.from({ length: 128 }, caller));
    expect(answered / worked).toBeGreaterThan(0.6);
  });

  test("is in the metrics with the outcome of each call, and with its circuit", async () => {
    let failing = false;
    const { client, metrics } = await downstream((_, attempt) => {
      if (failing) return problem(500);
      return attempt === 1 ? Response.json({ count: 1 }) : attempt === 2 ? problem(404) : never();
    });
    const lines = async () => (await metrics.render()).split("\n");
    const count = async (outcome: string) =>
      (await lines()).find((line) =>
        line.startsWith(`downstream_call_duration_seconds_count{target="them",outcome="${outcome}"`),
      );
    const circuit = async () => (await lines()).find((line) => line.startsWith("downstream_circuit_open{"));
    for (let i = 0; i < 2; i++) await quietly(client.ask(Shape, POST));
    await quietly(client.ask(Shape, { ...POST, timeoutMs: 20 }));
    await quietly(inScope({ "x-request-timeout-ms": "5" }, () => client.ask(Shape, POST)));
    expect(await circuit()).toEndWith(" 0");
    failing = true;
    for (let i = 0; i < 20; i++) await quietly(client.ask(Shape, POST));
    expect(await circuit()).toEndWith(" 1");
    for (const outcome of ["success", "refused", "timeout", "cut_short"])
      expect(await count(outcome)).toEndWith(" 1");
    for (const outcome of ["server_error", "rejected"]) expect(await count(outcome)).toBeString();
  });
});
