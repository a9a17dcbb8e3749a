import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases, eventually, NO_REDIS, testBase } from "../../testing/service.ts";
import type { ServiceBase } from "../service/service-base.ts";
import { newId } from "../values/id.ts";
import { sharedFigures } from "./shared-figures.ts";

const KEPT_MS = 200;

describeWithDatabases("sharedFigures", () => {
  let base: ServiceBase;
  beforeAll(async () => {
    base = await testBase("figures");
  });
  /** Two replicas, and how often they have read. */
  function replicas(redis = base.redis) {
    const database = newId("db");
    const reads = { count: 0, isFailing: false };
    const read = async () => {
      reads.count++;
      if (reads.isFailing) throw new Error("MongoDB is away");
      return { waiting: reads.count };
    };
    const [one, other] = [1, 2].map(() => sharedFigures(redis, database, KEPT_MS)("orders", read));
    return { one: one as () => Promise<object>, other: other as () => Promise<object>, reads };
  }

  test("many scrapes of two replicas read once", async () => {
    const { one, other, reads } = replicas();
    const seen = await Promise.all([one(), other(), one(), other(), one()]);
    expect(seen.map((figures) => JSON.stringify(figures))).toEqual(Array(5).fill('{"waiting":1}'));
    expect(reads.count).toBe(1);
  });

  test("are read again after a while", async () => {
    const { one, other, reads } = replicas();
    await one();
    await eventually(async () => (await other()) && reads.count >= 2);
  });

  test("without Redis are read by each process, and not by each scrape", async () => {
    const { redis } = await testBase("figures", { redisUrl: NO_REDIS });
    const { one, other, reads } = replicas(redis);
    await Promise.all([one(), one(), other(), other()]);
    expect(reads.count).toBe(2);
  });

  test("are none while they cannot be read, and come back", async () => {
    const { one, reads } = replicas();
    reads.isFailing = true;
    expect(await one()).toEqual({});
    reads.isFailing = false;
    await eventually(async () => "waiting" in (await one()));
  });
});
