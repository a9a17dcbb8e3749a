// How names are found and sorted: whatever their accents and case, and found by the beginnings of their words. Pure.

const WORDS_MAX = 60;
const SORTED_BY_MAX = 40;

/** Lower case, without accents. */
export const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const wordsOf = (text: string): string[] => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** What lists are sorted by. It travels in their cursors, so it is short. */
export const sortName = (name: string): string => [...folded(name)].slice(0, SORTED_BY_MAX).join("");

/** What is stored with a restaurant to be found by. */
export const searchTerms = (...texts: string[]): string[] =>
  [...new Set(texts.flatMap(wordsOf))].slice(0, WORDS_MAX);

/** The words that must each begin a stored term. */
export const queryWords = (query: string): string[] => [...new Set(wordsOf(query))].slice(0, 8);
