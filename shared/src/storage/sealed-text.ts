// Secrets that must be read again are stored encrypted: AES-256-GCM with a random nonce (NIST SP 800-38D). The place of the
// text, such as the id of its account, is authenticated, so that it opens nowhere else.

const PREFIX = "aes256gcm";
const NONCE_BYTES = 12;
/** As the first of the keys. */
const PLAIN = "plain";

export interface SealedText {
  /** Whether `seal` encrypts. */
  isOn: boolean;
  seal: (text: string, place: string) => Promise<string>;
  /** Text from before there were keys is returned as it is. Throws when the key is missing, or text or place was changed. */
  open: (stored: string, place: string) => Promise<string>;
  /** Whether it is stored as `seal` stores now. */
  isCurrent: (stored: string) => boolean;
}

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, "base64"));

/** Takes keys of 32 bytes in base64, with commas between: the first encrypts, all decrypt. Without keys, and while the first is
 * `plain`, text is stored as it is. */
export async function sealedText(list: string): Promise<SealedText> {
  const keys = new Map<string, CryptoKey>();
  const [first = PLAIN, ...others] = list.split(",").filter((entry) => entry !== "");
  const load = async (text: string) => {
    const bytes = bytesOf(text);
    const id = new Bun.CryptoHasher("sha256").update(bytes).digest("base64url").slice(0, 8);
    const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    keys.set(id, key);
    return { id, key };
  };
  const current = first === PLAIN ? undefined : await load(first);
  for (const other of others) await load(other);
  const by = (iv: Uint8Array<ArrayBuffer>, place: string) => ({
    ...{ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) },
  });

  return {
    isOn: current !== undefined,

    async seal(text, place) {
      if (!current) return text;
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const bytes = new TextEncoder().encode(text);
      const sealed = await crypto.subtle.encrypt(by(nonce, place), current.key, bytes);
      return `${PREFIX}.${current.id}.${Buffer.concat([nonce, Buffer.from(sealed)]).toString("base64url")}`;
    },

    async open(stored, place) {
      if (!stored.startsWith(`${PREFIX}.`)) return stored;
      const [, id = "", text = ""] = stored.split(".");
      const key = keys.get(id);
      if (!key) throw new Error(`STORED_SECRETS_KEYS has no key ${id}, with which a secret is stored`);
      const bytes = bytesOf(text);
      const opened = await crypto.subtle.decrypt(
        by(bytes.slice(0, NONCE_BYTES), place),
        key,
        bytes.slice(NONCE_BYTES),
      );
      return new TextDecoder().decode(opened);
    },

    isCurrent: (stored) =>
      current ? stored.startsWith(`${PREFIX}.${current.id}.`) : !stored.startsWith(`${PREFIX}.`),
  };
}
