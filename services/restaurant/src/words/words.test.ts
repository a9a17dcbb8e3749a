import { expect, test } from "bun:test";
import fc from "fast-check";
import { isOneApart, shortened } from "./words.ts";

test("isOneApart is true for one letter that is wrong, missing or too many, and for two that are swapped", () => {
  for (const typed of ["pizza", "pizzo", "pizz", "izza", "pizzza", "apizza", "pziza", "pizaz"])
    expect([typed, isOneApart(typed, "pizza")]).toEqual([typed, true]);
  for (const typed of ["piz", "pizzass", "pazzo", "zpiza", "", "aizzp"])
    expect([typed, isOneApart(typed, "pizza")]).toEqual([typed, false]);
});

test("shortened leaves out each letter once, of words with five to 24 letters", () => {
  expect(shortened("pizza")).toEqual(["izza", "pzza", "piza", "pizz"]);
  expect([...shortened("soup"), ...shortened("a".repeat(25))]).toEqual([]);
});

test("a word one letter apart is always found by what both are after losing a letter", () => {
  const letter = fc.constantFrom(..."abc");
  const word = fc.array(letter, { minLength: 6, maxLength: 12 }).map((letters) => letters.join(""));
  const change = fc.record({
    at: fc.nat(11),
    letter,
    kind: fc.constantFrom("replace", "remove", "add", "swap"),
  });
  fc.assert(
    fc.property(word, change, (stored, { at, letter: other, kind }) => {
      const i = at % (stored.length - 1);
      const [head, tail] = [stored.slice(0, i), stored.slice(i)];
      const typed = {
        replace: head + other + tail.slice(1),
        remove: head + tail.slice(1),
        add: head + other + tail,
        swap: head + (tail[1] ?? "") + (tail[0] ?? "") + tail.slice(2),
      }[kind];
      expect(isOneApart(typed, stored)).toBe(true);
      const keys = new Set([typed, ...shortened(typed)]);
      expect(keys.has(stored) || shortened(stored).some((key) => keys.has(key))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
