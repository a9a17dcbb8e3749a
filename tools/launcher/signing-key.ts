// bun tools/launcher/signing-key.ts new|add|switch|drop: prints a new SIGNING_KEY, or reads one from stdin and prints the
// next step of its rotation. Imports nothing, because docker/compose.yaml mounts this file alone.

interface KeySet {
  keys: object[];
}

/** A private Ed25519 key as a JSON Web Key. */
export async function newSigningKey(): Promise<string> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const { kty, crv, x, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return JSON.stringify({ kty, crv, x, d });
}

const STEPS = {
  /** Publishes the next key before anything is signed with it. */
  add: async ({ keys: [current] }: KeySet) => ({ keys: [current, JSON.parse(await newSigningKey())] }),
  /** Signs with the next key; what the old one signed is still accepted. */
  switch: async ({ keys: [current, next] }: KeySet) => ({ keys: [next, current] }),
  /** Removes the old key. */
  drop: async ({ keys: [current] }: KeySet) => current,
};
/** How many keys each step starts from. */
const BEFORE = { add: 1, switch: 2, drop: 2 };
type Step = keyof typeof STEPS;

const isStep = (word: string): word is Step => Object.hasOwn(STEPS, word);

function readKeySet(text: string): KeySet {
  try {
    const parsed = JSON.parse(text) as Partial<KeySet>;
    return { keys: parsed.keys ?? [parsed] };
  } catch {
    throw new Error("stdin holds no JSON Web Key: pass the current SIGNING_KEY");
  }
}

/** Throws one line when the step does not follow from these keys. */
export async function nextKeys(step: Step, text: string): Promise<string> {
  const set = readKeySet(text);
  if (set.keys.length !== BEFORE[step])
    throw new Error(
      `${step} starts from ${BEFORE[step]} keys, not from ${set.keys.length}: the steps are add, switch, drop`,
    );
  return JSON.stringify(await STEPS[step](set));
}

async function main([step = "", ...more]: string[]): Promise<number> {
  if (more.length > 0 || (step !== "new" && !isStep(step))) {
    process.stderr.write("usage: bun tools/launcher/signing-key.ts new|add|switch|drop < KEY\n");
    return 2;
  }
  try {
    const key = isStep(step) ? await nextKeys(step, await Bun.stdin.text()) : await newSigningKey();
    process.stdout.write(`${key}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
