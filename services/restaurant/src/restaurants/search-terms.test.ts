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
    ["Spaß STRAẞE", "spass strasse"],
    ["Smørrebrød Ærø Œuf Łódź", "smorrebrod aero oeuf lodz"],
    ["Đakovo Þingvellir Garðabær Ħamrun", "dakovo thingvellir gardabaer hamrun"],
    ["Işık DİYARBAKIR", "isik diyarbakir"],
    ["Ταβέρνα ΘΆΛΑΣΣΑΣ", "ταβερνα θαλασσασ"],
    [
      "McDonald's McDonald’s McDonaldʼs McDonald`s McDonald´s McDonald＇s",
      Array(6).fill("mcdonalds").join(" "),
    ],
    ["Col·legi PARAL·LEL 7·8", "collegi parallel 7·8"],
  ])("makes %p %p", (text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  test.each([
    ["Devanagari", "हिंदी", "हदी"],
    ["Thai", "ผัดไทย", "ผดไทย"],
    ["Hebrew points", "שָׁלוֹם", "שלום"],
    ["Arabic", "كُشَري", "كشري"],
    ["Cyrillic", "чай", "чаи"],
    ["Japanese", "がんこ", "かんこ"],
    ["Tamil", "கொத்து", "கதத"],
  ])("keeps the marks of %s", (_, text, without) => {
    expect(folded(text)).toBe(text.normalize("NFKC"));
    expect(folded(text)).not.toBe(folded(without));
    expect(folded(text.normalize("NFD"))).toBe(folded(text));
  });

  test("treats composed and decomposed accents alike", () => {
    expect(folded("Cafe\u0301")).toBe(folded("Caf\u00e9"));
  });
});

describe("sortName", () => {
  test("sorts names that differ only in case and accents next to each other", () => {
    expect(
      ["Zorro", "äpfel", "Apfel", "da Enzo"].sort((a, b) => (sortName(a) < sortName(b) ? -1 : 1)),
    ).toEqual(["äpfel", "Apfel", "da Enzo", "Zorro"]);
  });

  test("is short, and does not split a character", () => {
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

  test("are a word with an apostrophe, and its parts", () => {
    expect(searchTerms("L’Osteria d'Enzo")).toEqual(["losteria", "denzo", "l", "osteria", "d", "enzo"]);
  });

  test("are whole words in scripts with marks", () => {
    expect(searchTerms("हिंदी स्वाद", "ผัดไทย")).toEqual(["हिंदी", "स्वाद", "ผัดไทย"]);
  });

  test("are at most sixty", () => {
    const words = Array.from({ length: 100 }, (_, i) => `w${i}`);
    expect(searchTerms(words.join(" "))).toEqual(words.slice(0, 60));
  });

  test("are empty when there are no words", () => {
    expect(searchTerms("🍕 !!", "")).toEqual([]);
  });
});

describe("queryWords", () => {
  test("are folded like the terms", () => {
    expect(queryWords("  Crème  BRÛLÉE ")).toEqual(["creme", "brulee"]);
  });

  test("have no special characters of patterns", () => {
    expect(queryWords("^.*$ (a|b) [c] \\d+ {e}?")).toEqual(["a", "b", "c", "d", "e"]);
  });

  test.each(["?!", "🍕", "'", "   ", "\u0301", "’’"])("are empty for %p", (query) => {
    expect(queryWords(query)).toEqual([]);
  });

  test("are at most eight, each once", () => {
    expect(queryWords("a a b c d e f g h i j")).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
  });
});
