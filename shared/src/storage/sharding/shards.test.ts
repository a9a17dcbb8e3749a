import { describe, expect, test } from "bun:test";
import { newId } from "../../values/id.ts";
import { newIdOfOwner } from "../shard-key.ts";
import { scatterOf } from "./shards.ts";

const things = { collection: "things", key: "shardKey", scattered: { "place,state": "once an hour" } };
const id = newIdOfOwner("xyz", "own_1234");

describe("a filter asks every shard", () => {
  test.each<[string, Record<string, unknown>, string | undefined]>([
    ["not with the key", { _id: id, shardKey: "1234" }, undefined],
    ["not with some keys", { shardKey: { $in: ["1234", null] } }, undefined],
    ["not when it may", { state: "new", place: 1 }, undefined],
    ["not when it asks for no document", { _id: { $in: [] } }, undefined],
    ["with an id of an older version, and may", { _id: newId("xyz") }, undefined],
    ["by an id alone", { _id: id }, "things by _id"],
    ["by a range of keys", { shardKey: { $gt: "1" } }, "things by shardKey"],
    ["by other fields", { state: "new" }, "things by state"],
    ["by nothing", {}, "things by nothing"],
  ])("%s", (_, filter, expected) => {
    expect(scatterOf(things, filter)).toBe(expected);
  });
});
