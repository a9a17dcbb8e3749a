// Silence of a checker proves nothing unless it is known to speak.
import { beforeAll, expect, test } from "bun:test";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { type Platform, SERVICES } from "../../platform.ts";
import { huntBug, huntNothing, openWith, SCENE_NAMES } from "./hunt.ts";
import { buildPlanted, PLANTED_BUGS } from "./planted-bugs.ts";

const BUILD_MAX_MS = 120_000;

describeWithDatabases("a bug put in on purpose", () => {
  let healthy: Platform;
  beforeAll(async () => {
    await buildPlanted(SERVICES);
    healthy = await openWith("none");
    cleanUp(healthy.stop);
  }, BUILD_MAX_MS);

  for (const [bug, { what }] of Object.entries(PLANTED_BUGS))
    test(`is found: ${what}`, async () => {
      const caught = await huntBug(bug);
      process.stdout.write(`${bug}: ${caught ?? "not found"}\n`);
      expect(caught).toBeDefined();
    });

  for (const scene of SCENE_NAMES)
    test(`is not found where there is none: ${scene}`, async () => {
      expect(await huntNothing(scene, healthy)).toBeUndefined();
    });
});
