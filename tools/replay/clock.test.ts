import { describe, expect, test } from "bun:test";
import { Stopped, startClock, timeOfDay } from "./clock.ts";

describe("the day's clock", () => {
  test("runs at the given speed", async () => {
    const startedAt = performance.now();
    const clock = startClock({ startMinute: 100, speed: 6000 });
    await clock.until(105);
    expect(clock.now()).toBeGreaterThanOrEqual(105);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
    expect(clock.minutesIn(1000)).toBe(100);
  });

  test("does not wait for a minute in the past", async () => {
    const clock = startClock({ startMinute: 100, speed: 60 });
    await clock.until(99);
    expect(clock.now()).toBeLessThan(101);
  });

  test("when stopped, ends every wait and stops the time", async () => {
    const clock = startClock({ startMinute: 0, speed: 60 });
    const waits = Promise.allSettled([clock.until(1000), clock.sleep(1_000_000)]);
    clock.stop();
    for (const wait of await waits) {
      expect(wait.status).toBe("rejected");
      if (wait.status === "rejected") expect(wait.reason).toBeInstanceOf(Stopped);
    }
    await expect(clock.until(0)).rejects.toBeInstanceOf(Stopped);
    const stoppedAt = clock.now();
    await Bun.sleep(5);
    expect(clock.now()).toBe(stoppedAt);
  });

  test("is printed as hours and minutes", () => {
    expect([0, 65.9, 792, 1500].map(timeOfDay)).toEqual(["00:00", "01:05", "13:12", "25:00"]);
  });
});
