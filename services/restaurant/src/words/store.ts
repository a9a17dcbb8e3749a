// All words of restaurants and dishes, each once. A search looks up which of them a typed word may mean, then asks for these
// words by equality. So a dish stores only its words, and every question has an index. Words are never removed: one that
// is on no menu any more finds nothing.
import { duplicateKeyOf } from "@food/shared/storage/mongo";
import type { Db } from "mongodb";
import { isOneApart, shortened } from "./words.ts";

interface Word {
  _id: string;
  /** The word without each of its letters in turn. */
  shortened: string[];
}

/** The stored words that a typed one may mean. */
export interface Meaning {
  /** They begin with it. */
  typed: string[];
  /** They are one letter apart. */
  similar: string[];
}

export type WordStore = ReturnType<typeof wordStore>;

/** Together no more than the emulator looks up in an index at once. */
const MEANINGS_MAX = { typed: 150, similar: 50 };
/** One or two letters begin so many words that only some are searched. */
const SHORT_MAX: Record<number, number> = { 1: 10, 2: 40 };
const READ_MAX = 1_000;
/** Words that this process knows to be stored. */
const KNOWN_MAX = 50_000;
/** Greater than every word with the same beginning. */
const LAST = "\u{10ffff}";

export function wordStore(db: Db) {
  const words = db.collection<Word>("words");
  const known = new Set<string>();

  const idsOf = (filter: object): Promise<string[]> =>
    words
      .find(filter, { projection: { _id: 1 }, limit: READ_MAX })
      .toArray()
      .then((found) => found.map(({ _id }) => _id));

  async function similarTo(word: string): Promise<string[]> {
    const keys = shortened(word);
    if (keys.length === 0) return [];
    const found = await Promise.all([
      idsOf({ _id: { $in: keys } }),
      idsOf({ shortened: { $in: [word, ...keys] } }),
    ]);
    return [...new Set(found.flat())].filter((other) => isOneApart(word, other));
  }

  return {
    ensureIndexes: () => words.createIndex({ shortened: 1 }, { name: "shortened" }),

    /** Call before the write that uses them. */
    async add(terms: string[]): Promise<void> {
      const fresh = [...new Set(terms)].filter((term) => !known.has(term) && !term.startsWith("#"));
      if (fresh.length === 0) return;
      try {
        await words.insertMany(
          fresh.map((_id) => ({ _id, shortened: shortened(_id) })),
          { ordered: false },
        );
      } catch (error) {
        if (duplicateKeyOf(error) === undefined) throw error;
      }
      if (known.size + fresh.length > KNOWN_MAX) known.clear();
      for (const term of fresh) known.add(term);
    },

    /** The shortest words first, as they differ least from what was typed. */
    async meaningOf(word: string): Promise<Meaning> {
      const [beginning, near] = await Promise.all([
        idsOf({ _id: { $gte: word, $lt: word + LAST } }),
        similarTo(word),
      ]);
      const typed = beginning
        .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
        .slice(0, SHORT_MAX[word.length] ?? MEANINGS_MAX.typed);
      const similar = near.filter((other) => !other.startsWith(word)).slice(0, MEANINGS_MAX.similar);
      return { typed, similar };
    },
  };
}
