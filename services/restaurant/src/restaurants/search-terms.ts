// Search and sort keys of names. Latin and Greek ignore case and accents. Other scripts keep their marks, which may
// distinguish words. A search matches the beginnings of words.

const WORDS_MAX = 60;
const SORTED_BY_MAX = 40;

/** Characters inside a word that people may leave out: apostrophes, the Catalan middle dot, soft hyphens, and the joiners of
 * Indic scripts and Persian. */
const INSIDE = /['‘’‛ʹʻʼʽˈʾʿ′`´＇՚׳ꞌꞋ\u00ad\u200c\u200d]|(?<=l)·(?=l)/giu;

/** Letters that Unicode does not decompose, and that people replace by plain ones. */
const LIKE: Record<string, string> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ŧ: "t", ŋ: "n", ı: "i" },
  ς: "σ",
};
const LIKE_ANOTHER = new RegExp(`[${Object.keys(LIKE).join("")}]`, "gu");

/** Lower case, with one form for different spellings. */
export const folded = (text: string): string =>
  text
    .replace(INSIDE, "")
    .normalize("NFKD")
    .replace(/([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu, "$1")
    .toLowerCase()
    .replace(LIKE_ANOTHER, (letter) => LIKE[letter] ?? letter)
    .normalize("NFC");

const wordsOf = (text: string): string[] => folded(text).match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];

/** The sort key of lists. Short, because cursors contain it. */
export const sortName = (name: string): string => [...folded(name)].slice(0, SORTED_BY_MAX).join("");

/** The stored search terms of a restaurant. `L'Osteria` is found by `losteria` and `osteria`. */
export const searchTerms = (...texts: string[]): string[] =>
  [...new Set(texts.flatMap((text) => [...wordsOf(text), ...wordsOf(text.replace(INSIDE, " "))]))].slice(
    0,
    WORDS_MAX,
  );

/** The words of a query. Each must be the beginning of a stored term. Empty for a query without a letter or digit. */
export const queryWords = (query: string): string[] => [...new Set(wordsOf(query))].slice(0, 8);
