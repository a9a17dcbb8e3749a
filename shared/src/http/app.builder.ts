// A small app with each kind of error, and a text that no response may contain.
import { expect } from "bun:test";
import { Type } from "@sinclair/typebox";
import { runApp } from "../../testing/running-app.ts";
import { identityOf } from "../../testing/service.ts";
import { guard, withCaller } from "../auth/guard.ts";
import { tokenVerifier } from "../auth/tokens.ts";
import { AppError, conflict, tooManyRequests, unavailable } from "../values/errors.ts";
import { Email, Line } from "../values/fields.ts";
import { idSchema } from "../values/id.ts";
import { pageQuery } from "../values/page.ts";

export const SECRET = "s3cr3t-canary";
const Thing = Type.Object(
  {
    name: Line(20),
    email: Type.Optional(Email),
    parts: Type.Optional(Type.Array(Type.Object({ size: Type.Integer() }))),
  },
  { additionalProperties: false },
);
const ThingParams = Type.Object({ id: idSchema("thg", "A thing") });
export const JSON_TYPE = { "content-type": "application/json" };

/** The app on a free port, until the test file ends. */
export async function startThings() {
  const issuer = await identityOf("issuer");
  const verify = tokenVerifier("test", { issuer: { roles: ["user"], keys: issuer.keys.publicKeys } });
  const { url } = runApp((app) =>
    app
      .get("/things/:id", ({ params }) => params.id, { params: ThingParams })
      .get("/things", ({ query }) => ({ limit: query.limit }), { query: Type.Object(pageQuery) })
      .post("/things", ({ body, status }) => status(201, body), { body: Thing })
      .post("/things/own", () => "mine")
      .put("/things/:id/state", () => "done", { params: ThingParams })
      .get("/faults/thrown", () => {
        throw new Error(`${SECRET} at mongodb://user:${SECRET}@db`);
      })
      .get("/faults/text", () => Promise.reject(SECRET))
      .get("/faults/shape", ({ status }) => status(200, { name: SECRET } as never), {
        response: { 200: Type.Object({ count: Type.Integer() }) },
      })
      .get("/faults/conflict", () => {
        throw conflict("WRONG_STATE", "Not now.", { currentStatus: "open", allowedActions: ["close"] });
      })
      .get("/faults/busy", () => {
        throw tooManyRequests("Wait.", 1.2);
      })
      .get("/faults/away", () => {
        throw unavailable("DATABASE_UNAVAILABLE", "Try again.", new Error(SECRET));
      })
      .get("/faults/own", () => {
        throw new AppError(500, "INTERNAL_ERROR", "Something went wrong on our side.", {}, { cause: SECRET });
      })
      .use(guard({ "POST /mine/:id": { roles: ["user"], owns: "self" } }, verify))
      .use(withCaller())
      .post("/mine/:id", ({ caller, status }) => status(201, { by: caller.id }), {
        body: Thing,
        params: ThingParams,
      }),
  );

  const post = (
    body: string | ReadableStream | null,
    headers: Record<string, string> = JSON_TYPE,
    path = "/things",
  ) => fetch(`${url}${path}`, { method: "POST", headers, body, duplex: "half" } as RequestInit);
  return { url, post, issuer };
}

export async function problemOf(response: Response) {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const text = await response.text();
  expect(text).not.toContain(SECRET);
  const problem = JSON.parse(text) as Record<string, unknown> & { details?: { pointer: string }[] };
  expect(problem).toMatchObject({
    type: `/swagger/errors#${String(problem.code).toLowerCase()}`,
    status: response.status,
    requestId: response.headers.get("x-request-id"),
  });
  for (const word of [problem.title, problem.code, problem.detail]) expect(word).toBeString();
  return problem;
}
export const outcome = async (response: Response) => {
  const { code } = await problemOf(response);
  return [response.status, code];
};
export const chunked = (bytes: number) => {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(new TextEncoder().encode(SECRET.repeat(5_000)));
      left -= SECRET.length * 5_000;
    },
  });
};
