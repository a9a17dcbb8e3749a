import { expect, test } from "bun:test";
import { batchLoader } from "./batch-loader.ts";

test("what falls together is asked as one, and everyone gets their own answer", async () => {
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

test("no question is for more than a hundred", async () => {
  const sizes: number[] = [];
  const same = batchLoader(async (numbers: readonly number[]) => {
    sizes.push(numbers.length);
    return [...numbers];
  });
  const numbers = Array.from({ length: 250 }, (_, n) => n);
  expect(await Promise.all(numbers.map(same))).toEqual(numbers);
  expect(sizes).toEqual([100, 100, 50]);
});

test("a question that fails fails for all who asked, and not for who asks next", async () => {
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
