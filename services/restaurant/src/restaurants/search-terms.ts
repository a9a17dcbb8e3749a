// How names are found and sorted: in Latin and Greek whatever their case and accents, in every other script as they are
// written, for there a mark may make another word. They are found by the beginnings of their words. Pure.

const WORDS_MAX = 60;
const SORTED_BY_MAX = 40;

/** What people type or leave out inside of a word: apostrophes of all kinds, the Catalan middle dot, soft hyphens and the
 * joiners of Indic and Persian. */
const INSIDE = /['‘’‛ʹʻʼʽˈʾʿ′`´＇՚׳ꞌꞋ\u00ad\u200c\u200d]|(?<=l)·(?=l)/giu;

/** Letters that are no accented form of another for Unicode, and are for those who type. */
const LIKE: Record<string, string> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ħ: "h", ŧ: "t", ŋ: "n", ı: "i" },
  ς: "σ",
};
const LIKE_ANOTHER = new RegExp(`[${Object.keys(LIKE).join("")}]`, "gu");

/** Lower case and one spelling of what people spell in several ways. */
export const folded = (text: string): string =>
  text
    .replace(INSIDE, "")
    .normalize("NFKD")
    .replace(/([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu, "$1")
    .toLowerCase()
    .replace(LIKE_ANOTHER, (letter) => LIKE[letter] ?? letter)
    .normalize("NFC");

const wordsOf = (text: string): string[] => folded(text).match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? [];

/** What lists are sorted by. It travels in their cursors, so it is short. */
export const sortName = (name: string): string => [...folded(name)].slice(0, SORTED_BY_MAX).join("");

/** What is stored with a restaurant to be found by. `L'Osteria` is found by `losteria` and by `osteria`. */
export const searchTerms = (...texts: string[]): string[] =>
  [...new Set(texts.flatMap((text) => [...wordsOf(text), ...wordsOf(text.replace(INSIDE, " "))]))].slice(
    0,
    WORDS_MAX,
  );

/** The words that must each begin a stored term; none where nothing is a letter or a digit. */
export const queryWords = (query: string): string[] => [...new Set(wordsOf(query))].slice(0, 8);
