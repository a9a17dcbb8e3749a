// Tests the checker: it must report each planted bug, and nothing without a bug.
import { beforeAll, expect, test } from "bun:test";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { BUILD_MAX_MS } from "../../../tools/binaries.ts";
import { SERVICES } from "../../platform.ts";
import { huntBug, huntNothing, openShared, SCENE_NAMES } from "./hunt.ts";
import { buildPlanted, PLANTED_BUGS } from "./planted-bugs.ts";

describeWithDatabases("the checker", () => {
  let shared: Awaited<ReturnType<typeof openShared>>;
  beforeAll(async () => {
    await buildPlanted(SERVICES);
    shared = await openShared();
    cleanUp(shared.stop);
  }, BUILD_MAX_MS);

  for (const scene of SCENE_NAMES)
    test(`without a bug, reports nothing: ${scene}`, async () => {
      expect(await huntNothing(scene, shared)).toBeUndefined();
    });

  for (const [bug, { what }] of Object.entries(PLANTED_BUGS))
    test(`reports: ${what}`, async () => {
      const caught = await huntBug(bug, shared);
      process.stdout.write(`${bug}: ${caught ?? "not found"}\n`);
      expect(caught).toBeDefined();
    });
});
