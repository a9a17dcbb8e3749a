// Silence of a checker proves nothing unless it is known to speak.
import { beforeAll, expect, test } from "bun:test";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { SERVICES } from "../../platform.ts";
import { huntBug, huntNothing, openShared, SCENE_NAMES } from "./hunt.ts";
import { buildPlanted, PLANTED_BUGS } from "./planted-bugs.ts";

const BUILD_MAX_MS = 120_000;

describeWithDatabases("a bug put in on purpose", () => {
  let shared: Awaited<ReturnType<typeof openShared>>;
  beforeAll(async () => {
    await buildPlanted(SERVICES);
    shared = await openShared();
    cleanUp(shared.stop);
  }, BUILD_MAX_MS);

  for (const scene of SCENE_NAMES)
    test(`is not found where there is none: ${scene}`, async () => {
      expect(await huntNothing(scene, shared)).toBeUndefined();
    });

  for (const [bug, { what }] of Object.entries(PLANTED_BUGS))
    test(`is found: ${what}`, async () => {
      const caught = await huntBug(bug, shared);
      process.stdout.write(`${bug}: ${caught ?? "not found"}\n`);
      expect(caught).toBeDefined();
    });
});
