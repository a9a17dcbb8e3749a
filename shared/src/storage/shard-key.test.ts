import { describe, expect, test } from "bun:test";
import { newId } from "../values/id.ts";
import { byId, byIds, newIdOfOwner, ofOwner, sharded, shardKeyOf } from "./shard-key.ts";

const OWNER = "own_01k9v3e6m2x8r4t7w0z5b1c3d6";

describe("an id that belongs to an owner", () => {
  const id = newIdOfOwner("xyz", OWNER);

  test("has the form of every id and the key of its owner", () => {
    expect(id).toMatch(/^xyz_[0-9a-z]{26}$/);
    expect(shardKeyOf(id)).toBe("c3d6");
    expect(sharded(id)).toEqual({ shardKey: "c3d6" });
  });

  test("sorts by its time, also among ids of older versions", () => {
    const at = Date.now();
    const ids = [newId("xyz", at), newIdOfOwner("xyz", OWNER, at + 1), newId("xyz", at + 2)];
    expect(ids.toSorted()).toEqual(ids);
  });

  test("differs from the next one of the same owner and time", () => {
    const ids = Array.from({ length: 1_000 }, () => newIdOfOwner("xyz", OWNER, 0));
    expect(new Set(ids).size).toBe(1_000);
  });

  test("is found on one shard, like all documents of its owner", () => {
    expect(byId(id)).toEqual({ _id: id, shardKey: "c3d6" });
    expect(byIds([id, newIdOfOwner("xyz", OWNER)])).toMatchObject({ shardKey: { $in: ["c3d6"] } });
    expect(ofOwner("ownerId", OWNER)).toEqual({ ownerId: OWNER, shardKey: { $in: ["c3d6", null] } as never });
  });
});

describe("an id of an older version", () => {
  const id = newId("xyz");

  test("has no key, and is looked for by itself alone", () => {
    expect(shardKeyOf(id)).toBeUndefined();
    expect(sharded(id)).toEqual({});
    expect(byId(id)).toEqual({ _id: id });
    expect(byIds([id, newIdOfOwner("xyz", OWNER)])).not.toHaveProperty("shardKey");
  });
});
