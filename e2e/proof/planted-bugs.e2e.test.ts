// Silence of a checker proves nothing unless it is known to speak.
import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { SERVICES } from "../platform.ts";
import { huntBug, huntNothing } from "./hunt.ts";
import { buildPlanted, PLANTED_BUGS } from "./planted-bugs.ts";

const TRIES_MAX = 5;
const TEST_MS = 240_000;

describeWithDatabases("a bug put in on purpose is found:", () => {
  beforeAll(() => buildPlanted(SERVICES), TEST_MS);

  test.concurrent(
    "and nothing is where there is none",
    async () => {
      const hunts = await huntNothing();
      for (const { bug, caught } of hunts) expect([bug, caught]).toEqual([bug, undefined]);
    },
    TEST_MS,
  );

  for (const [bug, { what }] of Object.entries(PLANTED_BUGS))
    test.concurrent(
      what,
      async () => {
        const { caught, tries } = await huntBug(bug, TRIES_MAX);
        process.stdout.write(`${bug}: try ${tries}: ${caught ?? "not found"}\n`);
        expect(caught).toBeDefined();
      },
      TEST_MS,
    );
});
