import { describe, expect, test } from "bun:test";
import { folded, queryWords, searchTerms, sortName } from "./search-terms.ts";

describe("folded", () => {
  test.each([
    ["Café Crème", "cafe creme"],
    ["ÖZGÜR", "ozgur"],
    ["İstanbul", "istanbul"],
    ["Phở Hà Nội", "pho ha noi"],
    ["ﬁne ①", "fine 1"],
    ["寿司", "寿司"],
  ])("makes %p %p", (text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  test("takes composed and decomposed accents alike", () => {
    expect(folded("Cafe\u0301")).toBe(folded("Caf\u00e9"));
  });
});

describe("sortName", () => {
  test("puts names next to each other that differ in case and accents only", () => {
    expect(
      ["Zorro", "äpfel", "Apfel", "da Enzo"].sort((a, b) => (sortName(a) < sortName(b) ? -1 : 1)),
    ).toEqual(["äpfel", "Apfel", "da Enzo", "Zorro"]);
  });

  test("is short and whole characters only", () => {
    expect(sortName("🍕".repeat(60))).toBe("🍕".repeat(40));
  });
});

describe("searchTerms", () => {
  test("are the words of all texts, each once", () => {
    expect(searchTerms("Da Enzo", "Italian", "Pizza & Pasta, da Roma")).toEqual([
      "da",
      "enzo",
      "italian",
      "pizza",
      "pasta",
      "roma",
    ]);
  });

  test("keep letters and digits of any script and nothing else", () => {
    expect(searchTerms("№7: 寿司-Бар (24/7)!")).toEqual(["no7", "寿司", "бар", "24", "7"]);
  });

  test("are at most sixty", () => {
    const words = Array.from({ length: 100 }, (_, i) => `w${i}`);
    expect(searchTerms(words.join(" "))).toEqual(words.slice(0, 60));
  });

  test("are none where there are no words", () => {
    expect(searchTerms("🍕 !!", "")).toEqual([]);
  });
});

describe("queryWords", () => {
  test("are folded as the terms are", () => {
    expect(queryWords("  Crème  BRÛLÉE ")).toEqual(["creme", "brulee"]);
  });

  test("hold nothing that means something in a pattern", () => {
    expect(queryWords("^.*$ (a|b) [c] \\d+ {e}?")).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("are at most eight, each once", () => {
    expect(queryWords("a a b c d e f g h i j")).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
  });
});
