// HAProxy sends requests to a stopping replica for longer than SHUTDOWN_DELAY_MS. `bun run prove --restarts 50` has the full size.
import { expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { HAPROXY } from "./haproxy.ts";
import { restartUnderLoad } from "./under-load.ts";

const TEST_MS = 180_000;
const why = HAPROXY ? "" : " (HAProxy is not installed)";

describeWithDatabases(`a rolling restart behind a real proxy${why}`, () => {
  test.skipIf(!HAPROXY)(
    "when the proxy removes replicas later than expected, loses no request, with and without keep-alive",
    async () => {
      const { answered, lost, exitCodes } = await restartUnderLoad({
        ...{ restarts: 2, replicas: 2, busy: 0 },
        ...{ checkEveryMs: 500, drain: { quietMs: 400, mostMs: 60_000 } },
      });
      expect(lost).toEqual([]);
      expect(answered).toBeGreaterThan(50);
      expect(exitCodes).toEqual(Array(8).fill(0));
    },
    TEST_MS,
  );
});
