// bun tools/launcher/signing-key.ts new|add|switch|drop: a service's SIGNING_KEY, read from stdin where there is one, as it is in
// the next step of its life. Prints the private keys on stdout.
import { makeSigningKey } from "./launch-settings.ts";

interface KeySet {
  keys: object[];
}

const STEPS = {
  /** The next key is published, so that everybody knows it before anything is signed with it. */
  add: async ({ keys: [current] }: KeySet) => ({ keys: [current, JSON.parse(await makeSigningKey())] }),
  /** The next key signs, and what the old one has signed is still accepted. */
  switch: async ({ keys: [current, next] }: KeySet) => ({ keys: [next, current] }),
  /** The old key is gone. */
  drop: async ({ keys: [current] }: KeySet) => current,
};
/** How many keys there must be before each step. */
const BEFORE = { add: 1, switch: 2, drop: 2 };

/** Throws a sentence when the step does not follow from what is there. */
export async function nextKeys(step: string, text: string): Promise<string> {
  if (step === "new") return makeSigningKey();
  if (!(step in STEPS)) throw new Error("usage: bun tools/launcher/signing-key.ts new|add|switch|drop < KEY");
  const name = step as keyof typeof STEPS;
  const parsed = JSON.parse(text) as Partial<KeySet>;
  const set = { keys: parsed.keys ?? [parsed] };
  if (set.keys.length !== BEFORE[name])
    throw new Error(`${name} needs ${BEFORE[name]} keys, and there are ${set.keys.length}`);
  return JSON.stringify(await STEPS[name](set));
}

if (import.meta.main) {
  const [step = ""] = process.argv.slice(2);
  try {
    process.stdout.write(`${await nextKeys(step, step === "new" ? "" : await Bun.stdin.text())}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof SyntaxError ? "That is no JSON Web Key" : error}\n`);
    process.exit(1);
  }
}
