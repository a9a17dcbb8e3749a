// Words with one wrong letter, found by equality alone: two words are one letter apart only if they are equal after each has
// lost at most one letter (symmetric delete, as in SymSpell). Such pairs are compared, because a few are two apart. Pure.

/** Shorter words have too many neighbours, longer ones are not typed. */
const LETTERS = { min: 5, max: 24 };

const hasNeighbours = (word: string) => word.length >= LETTERS.min && word.length <= LETTERS.max;

/** The word without each of its letters in turn. Empty for words that are found only as typed. */
export function shortened(word: string): string[] {
  if (!hasNeighbours(word)) return [];
  return [...new Set(Array.from(word, (_, i) => word.slice(0, i) + word.slice(i + 1)))];
}

/** Whether one letter is wrong, missing, or too many, or two neighbours are swapped. */
export function isOneApart(a: string, b: string): boolean {
  if (a.length < b.length) return isOneApart(b, a);
  if (a.length - b.length > 1) return false;
  let i = 0;
  while (i < b.length && a[i] === b[i]) i++;
  const rest = (word: string, from: number) => word.slice(from);
  if (a.length > b.length) return rest(a, i + 1) === rest(b, i);
  if (rest(a, i + 1) === rest(b, i + 1)) return true;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && rest(a, i + 2) === rest(b, i + 2);
}
