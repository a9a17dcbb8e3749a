import { expect, test } from "bun:test";
import { batchLoader } from "./batch-loader.ts";

test("keys requested at the same time load in one call, and each caller gets its own answer", async () => {
  const asked: string[][] = [];
  const lengthOf = batchLoader(async (words: readonly string[]) => {
    asked.push([...words]);
    return words.map(({ length }) => length);
  });
  const early = ["a", "four", "a"].map(lengthOf);
  expect(await Promise.all([...early, Promise.resolve().then(() => lengthOf("later"))])).toEqual([
    1, 4, 1, 5,
  ]);
  expect(await lengthOf("alone")).toBe(5);
  expect(asked).toEqual([["a", "four", "a", "later"], ["alone"]]);
});

test("a batch has at most a hundred keys", async () => {
  const sizes: number[] = [];
  const same = batchLoader(async (numbers: readonly number[]) => {
    sizes.push(numbers.length);
    return [...numbers];
  });
  const numbers = Array.from({ length: 250 }, (_, n) => n);
  expect(await Promise.all(numbers.map(same))).toEqual(numbers);
  expect(sizes).toEqual([100, 100, 50]);
});

test("when a batch fails, all its callers fail, and the next call succeeds", async () => {
  let isAway = true;
  const same = batchLoader(async (numbers: readonly number[]) => {
    if (isAway) throw new Error("MongoDB is away");
    return [...numbers];
  });
  const answers = await Promise.allSettled([same(1), same(2)]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  isAway = false;
  expect(await same(1)).toBe(1);
});
