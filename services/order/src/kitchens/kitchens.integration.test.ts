import { expect, test } from "bun:test";
import { describeWithDatabases, eventually, metricIn, testBase } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { kitchenStore } from "./store.ts";

describeWithDatabases("the records of kitchens", () => {
  test("the lateness of many orders is one write", async () => {
    const { mongo, metrics } = await testBase("order");
    const kitchens = kitchenStore(mongo.db);
    const [late, prompt] = [newId("rst"), newId("rst")];
    for (let minutes = 1; minutes <= 5; minutes++) {
      kitchens.learn(late, minutes);
      kitchens.learn(prompt, -minutes);
    }
    const stored = () => mongo.db.collection("kitchens").find().sort({ _id: 1 }).toArray();
    expect(await eventually(async () => (await stored()).length === 2 && stored())).toMatchObject(
      [
        { _id: late, lateMs: [1, 2, 3, 4, 5] },
        { _id: prompt, lateMs: [-1, -2, -3, -4, -5] },
      ].toSorted((one, other) => (one._id < other._id ? -1 : 1)),
    );
    const text = await metrics.render();
    expect(metricIn(text, "mongodb_command_duration_seconds_count", 'command="update"')).toBe(1);
  });
});
