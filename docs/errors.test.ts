// errors.md has a section for each problem code, and for nothing else.
import { expect, test } from "bun:test";
import { join } from "node:path";
import { problemResponse } from "@food/shared/http/problem";
import { withAnswers } from "@food/shared/testing/documented";
import { notFound } from "@food/shared/values/errors";

const page = await Bun.file(join(import.meta.dir, "errors.md")).text();
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => {
    const [code = "", cause = "", ...remedies] = text.trim().split("\n\n");
    const statuses = /^Status ([\d, ]+)\. /.exec(cause)?.[1]?.split(", ") ?? [];
    return { code, cause, remedies, statuses };
  });

/** The statuses by code, as the OpenAPI documents name them. */
const documented = new Map<string, Set<string>>();
for (const name of new Bun.Glob("openapi/*.yaml").scanSync(import.meta.dir)) {
  const { paths } = withAnswers(
    Bun.YAML.parse(await Bun.file(join(import.meta.dir, name)).text()) as {
      paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
    },
  );
  for (const { responses } of Object.values(paths).flatMap((item) => Object.values(item)))
    for (const [status, { description }] of Object.entries(responses))
      for (const [, code = ""] of description.matchAll(/`([A-Z_]+)`/g))
        documented.set(code, (documented.get(code) ?? new Set()).add(status));
}

const ROOT = join(import.meta.dir, "..");
const REFUSAL =
  /\b(?:AppError\([^,()]+|(?:malformed|unauthenticated|forbidden|notFound|conflict|preconditionFailed|tooLarge|unsupportedMediaType|unprocessable|unavailable)\(|\bcode:)[,\s]*"([A-Z_]+)"/g;
const thrown = (
  await Promise.all(
    ["shared/src/**/*.ts", "services/*/src/**/*.ts"]
      .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync(ROOT)])
      .filter((path) => !/\.(test|builder)\.ts$|node_modules/.test(path))
      .map(async (path) => [...(await Bun.file(join(ROOT, path)).text()).matchAll(REFUSAL)]),
  )
).flatMap((found) => found.map(([, code = ""]) => code));

test("each code of the documents and the sources has a section, and each section has a code", () => {
  expect(thrown.length).toBeGreaterThan(80);
  const codes = [...new Set([...documented.keys(), ...thrown])].sort();
  expect(sections.map(({ code }) => code)).toEqual(codes);
});

test("each section says its statuses, one cause and one remedy", () => {
  for (const { code, cause, remedies, statuses } of sections) {
    const known = documented.get(code);
    if (known) expect([code, ...statuses]).toEqual([code, ...[...known].sort()]);
    expect(cause).toMatch(/\.$/);
    expect([code, ...remedies]).toEqual([code, expect.stringMatching(/^\*\*Remedy\.\*\* .+\.$/s)]);
  }
});

test("a problem's type is the section of its code", async () => {
  const { type } = (await problemResponse(notFound("ORDER_NOT_FOUND", "None.")).json()) as { type: string };
  expect(type).toBe("/swagger/errors#order_not_found");
});
