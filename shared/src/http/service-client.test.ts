import { describe, expect, spyOn, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { decodeJwt } from "jose";
import { ANSWER_BYTES_MAX } from "./response-body.ts";
import { AWAY, downstream, GET, inScope, me, never, POST, problem, Shape } from "./service-client.builder.ts";
import { type Call, serviceClient, withQuery } from "./service-client.ts";

describe("a call", () => {
  test("has our token, the request's id and trace, and the remaining time", async () => {
    const { client, requests } = await downstream(() => Response.json({ count: 1 }));
    const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await inScope({ "x-request-id": "req-7", traceparent: trace, "x-request-timeout-ms": "1500" }, () =>
      client.ask(Shape, { ...GET, timeoutMs: 60_000 }),
    );
    const [headers] = requests;
    expect(headers?.get("x-request-id")).toBe("req-7");
    expect(headers?.get("traceparent")).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(headers?.get("traceparent")).not.toBe(trace);
    expect(Number(headers?.get("x-request-timeout-ms"))).toBeWithin(1_000, 1_501);
    const token = decodeJwt(headers?.get("authorization")?.slice("Bearer ".length) ?? "");
    expect(token).toMatchObject({ iss: "me", sub: "me", role: "service", aud: ["them"] });
  });

  test("sends its body as JSON", async () => {
    const { client } = await downstream(async (request) => {
      expect(request.headers.get("content-type")).toBe("application/json");
      return Response.json({ count: ((await request.json()) as { a: number }).a });
    });
    expect(await client.ask(Shape, POST)).toEqual({ count: 1 });
  });

  test("ends after its timeout", async () => {
    const { client } = await downstream(never);
    const startedAt = performance.now();
    expect(await client.ask(Shape, { ...POST, timeoutMs: 60 }).catch((error) => error)).toMatchObject(AWAY);
    expect(performance.now() - startedAt).toBeWithin(40, 1_000);
  });

  test("ends at the caller's deadline, including the retry", async () => {
    const { client } = await downstream(never);
    const startedAt = performance.now();
    const failed = inScope({ "x-request-timeout-ms": "80" }, () =>
      client.ask(Shape, { ...GET, timeoutMs: 60 }),
    );
    expect(await failed.catch((error) => error)).toMatchObject(AWAY);
    expect(performance.now() - startedAt).toBeWithin(60, 1_000);
  });

  test("ends in time when the response stops after its head", async () => {
    const stuck = () =>
      new Response(
        new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{"count"')) }),
      );
    const { client } = await downstream(stuck);
    expect(await client.ask(Shape, { ...GET, timeoutMs: 80 }).catch((error) => error)).toMatchObject(AWAY);
  });
});

describe("a redirect", () => {
  test.each(["ask", "forward"] as const)("is not followed by %s", async (how) => {
    const { client, requests } = await downstream((request, attempt) =>
      attempt === 1
        ? Response.redirect(new URL("/elsewhere", request.url).href, 302)
        : Response.json({ count: 1 }),
    );
    const asked = how === "ask" ? client.ask(Shape, POST) : client.forward(POST);
    expect(await asked.catch((error) => error)).toMatchObject(AWAY);
    expect(requests).toHaveLength(1);
  });
});

describe("a retry", () => {
  const failing = (attempt: number) =>
    attempt === 1 ? new Response(null, { status: 503 }) : Response.json({ count: 2 });

  test.each([
    ["GET", GET, 2],
    ["PUT", { ...GET, method: "PUT" } as Call, 2],
    ["a repeatable POST", { ...POST, repeatable: true }, 2],
    ["a POST", POST, 1],
    ["a GET that is not repeatable", { ...GET, repeatable: false }, 1],
  ])("is made once for %s", async (_, request, tries) => {
    const { client, requests } = await downstream((_request, attempt) => failing(attempt));
    await client.ask(Shape, request).catch(() => undefined);
    expect(requests).toHaveLength(tries);
  });

  test("happens only once", async () => {
    const { client, requests } = await downstream(() => new Response(null, { status: 503 }));
    expect(await client.ask(Shape, GET).catch((error) => error)).toMatchObject(AWAY);
    expect(requests).toHaveLength(2);
  });

  test("is not made after a 4xx or 500", async () => {
    for (const status of [400, 404, 409, 422, 429, 500]) {
      const { client, requests } = await downstream(() => problem(status));
      await client.ask(Shape, GET).catch(() => undefined);
      expect(requests).toHaveLength(1);
    }
  });

  test("is made after a lost connection", async () => {
    const client = serviceClient({
      to: "them",
      baseUrl: "http://127.0.0.1:1",
      from: "me",
      signToken: me.sign,
    });
    expect(await client.ask(Shape, GET).catch((error) => error)).toMatchObject(AWAY);
  });
});

describe("ask", () => {
  test.each([400, 404, 409, 412, 422, 429])(
    "passes on the downstream service's %d problem",
    async (status) => {
      const details = [{ pointer: "/a", detail: "No", about: "b" }];
      const current = { version: 2 };
      const extras = {
        ...{ details, current },
        currentStatus: "open",
        allowedActions: ["close"],
        requestId: "theirs",
        secret: "x",
      };
      const { client } = await downstream(() => problem(status, extras));
      const error = await client.ask(Shape, POST).catch((thrown) => thrown);
      expect(error).toMatchObject({ status, code: "THEIR_CODE", message: "Their words." });
      expect(error.extras).toEqual({ details, current, currentStatus: "open", allowedActions: ["close"] });
    },
  );

  test("passes on Retry-After when it is a number", async () => {
    const limited = async (retryAfter: string) => {
      const { client } = await downstream(() => {
        const response = problem(429);
        response.headers.set("retry-after", retryAfter);
        return response;
      });
      return (await client.ask(Shape, POST).catch((error) => error)).extras;
    };
    expect(await limited("7")).toEqual({ retryAfterSeconds: 7 });
    expect(await limited("Wed, 21 Oct 2026 07:28:00 GMT")).toEqual({});
  });

  test.each<[string, () => Response]>([
    ["401", () => problem(401)],
    ["403", () => problem(403)],
    ["500", () => problem(500)],
    ["502 with a page", () => new Response("<html>", { status: 502 })],
    ["404 without a body", () => new Response(null, { status: 404 })],
    ["404 with other JSON", () => Response.json({ message: "no" }, { status: 404 })],
    ["a redirect", () => Response.redirect("http://127.0.0.1:1/elsewhere", 302)],
    ["a redirect with a problem", () => problem(307)],
    ["another shape", () => Response.json({ count: "1" })],
    ["a list", () => Response.json([])],
    ["text", () => new Response("ok")],
    ["nothing", () => new Response(null, { status: 204 })],
  ])("answers 503 to %s", async (_, answer) => {
    const { client } = await downstream(answer);
    expect(await client.ask(Shape, POST).catch((error) => error)).toMatchObject(AWAY);
  });

  // The connection may break after the head, and the deadline may pass.
  test.each([500, 503])("answers 503 to a %d whose body breaks off", async (status) => {
    const broken = () =>
      new Response(new ReadableStream({ start: (body) => body.error(new Error("ECONNRESET")) }), { status });
    const asked = spyOn(globalThis, "fetch").mockImplementation(Object.assign(async () => broken(), fetch));
    try {
      const { client } = await downstream(never);
      for (const call of [GET, POST])
        expect(await client.forward(call).catch((error) => error)).toMatchObject(AWAY);
    } finally {
      asked.mockRestore();
    }
  });

  test("removes unknown fields of a newer release", async () => {
    const strict = { additionalProperties: false };
    const Two = Type.Object({ kind: Type.Literal("two") }, strict);
    const Item = Type.Union([Type.Object({ kind: Type.Literal("one") }, strict), Two]);
    const Known = Type.Object({ items: Type.Array(Item) }, strict);
    const { client } = await downstream(() => Response.json({ items: [{ kind: "two", n: 1 }], more: 1 }));
    expect(await client.ask(Known, POST)).toEqual({ items: [{ kind: "two" }] });
  });

  test("answers 503 for text also when the schema accepts any object", async () => {
    const { client } = await downstream(() => new Response("ok"));
    expect(await client.ask(Type.Object({}), POST).catch((error) => error)).toMatchObject(AWAY);
  });
});

describe("a response that is too large", () => {
  const endless = () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent++;
        controller.enqueue(chunk);
      },
    });
    return {
      sent: () => sent,
      response: new Response(body, { headers: { "content-type": "application/json" } }),
    };
  };

  test.each(["ask", "forward"] as const)("answers 503 to %s, and is not read to its end", async (how) => {
    const large = endless();
    const { client } = await downstream(() => large.response);
    const answer = how === "ask" ? client.ask(Shape, POST) : client.forward(POST);
    expect(await answer.catch((error) => error)).toMatchObject(AWAY);
    expect(large.sent()).toBeLessThan(10 * (ANSWER_BYTES_MAX / 1024 / 1024));
  });

  test("when it is compressed, is not expanded", async () => {
    const bomb = Bun.gzipSync(Buffer.alloc(2 * ANSWER_BYTES_MAX, " "));
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const { client } = await downstream(() => new Response(bomb, { headers }));
    expect(await client.ask(Shape, GET).catch((error) => error)).toMatchObject(AWAY);
  });
});

describe("forward", () => {
  test("passes on bytes, status and selected headers", async () => {
    const bytes = '{ "count" :1}';
    const { client } = await downstream(
      () =>
        new Response(bytes, {
          status: 201,
          headers: {
            "content-type": "application/json",
            etag: '"1"',
            "idempotent-replayed": "true",
            "set-cookie": "a=b",
            "x-internal": "secret",
          },
        }),
    );
    const response = await client.forward(GET);
    expect([response.status, await response.text()]).toEqual([201, bytes]);
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "application/json",
      etag: '"1"',
      "idempotent-replayed": "true",
    });
  });

  test("passes on a 304 and a problem", async () => {
    const unchanged = await downstream(() => new Response(null, { status: 304, headers: { etag: '"1"' } }));
    expect((await unchanged.client.forward(GET)).status).toBe(304);
    const refused = await downstream(() => problem(409, { currentStatus: "open" }));
    const response = await refused.client.forward(POST);
    expect([response.status, await response.json()]).toMatchObject([409, { currentStatus: "open" }]);
  });

  test.each<[string, () => Response]>([
    ["401", () => problem(401)],
    ["403", () => problem(403)],
    ["500", () => problem(500)],
    ["503", () => problem(503)],
    ["a redirect", () => Response.redirect("http://127.0.0.1:1/elsewhere", 302)],
    ["a 404 that is not a problem", () => new Response("no such route", { status: 404 })],
  ])("answers 503 to %s", async (_, answer) => {
    const { client } = await downstream(answer);
    expect(await client.forward(POST).catch((error) => error)).toMatchObject(AWAY);
  });
});

test("withQuery leaves out undefined values and escapes the others", () => {
  expect(withQuery("/x", { a: undefined })).toBe("/x");
  expect(withQuery("/x", { a: "b&c=d", n: 0, no: false, none: undefined })).toBe(
    "/x?a=b%26c%3Dd&n=0&no=false",
  );
});
