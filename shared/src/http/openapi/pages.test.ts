import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import { OPERATIONS } from "../../service/operations-access.ts";
import { withPages } from "./pages.ts";

const INFO = { title: "Things", description: "Things.", tags: {}, schemas: {}, examples: {} };
const access = Object.fromEntries(
  Object.entries(OPERATIONS).filter(([route]) => /\/(swagger.*)?$/.test(route)),
);

test("without Swagger there is no document and no link to it, but the errors stay", async () => {
  const app = withPages(new Elysia(), INFO, access, { isShown: false, hint: "" });
  const get = (path: string, accept = "*/*") =>
    app.handle(new Request(`http://localhost${path}`, { headers: { accept } }));
  for (const route of Object.keys(access).filter((one) => !/\/(swagger\/errors)?$/.test(one))) {
    const response = await get(route.slice("GET ".length));
    expect([route, response.status]).toEqual([route, 404]);
  }
  expect(await (await get("/")).json()).toEqual({
    name: "Things",
    version: expect.any(String),
    links: { errors: "/swagger/errors" },
  });
  const page = await (await get("/", "text/html")).text();
  expect(page).toContain("Things");
  expect(page).not.toContain("OpenAPI");
  expect((await get("/swagger/errors")).status).toBe(200);
});

test("a hint stands above Swagger, as text", async () => {
  const app = withPages(new Elysia(), INFO, access, { isShown: true, hint: "Try <ada@example.com>" });
  const page = await (await app.handle(new Request("http://localhost/swagger"))).text();
  expect(page).toContain("Try &lt;ada@example.com&gt;");
});
