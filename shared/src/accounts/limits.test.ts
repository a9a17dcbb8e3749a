import { describe, expect, test } from "bun:test";
import { signInTurns } from "./limits.ts";

describe("turns of strangers", () => {
  /** How many of a hundred get a turn at once or later. */
  async function turnsOf(percent: number, hashMs: number): Promise<number> {
    const { strangers } = signInTurns(percent, () => hashMs);
    let refused = 0;
    for (let i = 0; i < 100; i++) strangers().catch(() => refused++);
    await Bun.sleep(0);
    return 100 - refused;
  }

  // 2 s' worth at once, and 5 s' worth later.
  test.each([
    [25, 40, 43],
    [25, 20, 87],
    [10, 40, 17],
    [25, 50, 35],
    [25, 1_000, 35],
  ])("at %d percent of a core and %d ms a hash: %d of a hundred", async (percent, hashMs, most) => {
    expect(await turnsOf(percent, hashMs)).toBeWithin(most, most + 3);
  });
});
