// Keeps the tokens of one role, in this tab alone. A refresh token works once, so only one refresh runs at a time, and all
// who need a token wait for it.

export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Epoch milliseconds. */
  expiresAtMs: number;
}

export type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Undefined when the session has ended. Throws when the service gave no answer. */
export type Refresh = (refreshToken: string) => Promise<Tokens | undefined>;

/** Refreshes a token this long before it ends. */
const EARLY_MS = 30_000;

export class SessionKeeper {
  readonly #storage: TokenStorage;
  readonly #key: string;
  readonly #refresh: Refresh;
  readonly #now: () => number;
  #running: Promise<string | undefined> | undefined;
  #listeners = new Set<() => void>();

  constructor(storage: TokenStorage, key: string, refresh: Refresh, now: () => number = Date.now) {
    this.#storage = storage;
    this.#key = key;
    this.#refresh = refresh;
    this.#now = now;
  }

  get tokens(): Tokens | undefined {
    const text = this.#storage.getItem(this.#key);
    return text ? (JSON.parse(text) as Tokens) : undefined;
  }

  get isSignedIn(): boolean {
    return this.tokens !== undefined;
  }

  start(tokens: Tokens) {
    this.#storage.setItem(this.#key, JSON.stringify(tokens));
    for (const listener of this.#listeners) listener();
  }

  end() {
    this.#storage.removeItem(this.#key);
    for (const listener of this.#listeners) listener();
  }

  /** Calls the listener when the session starts, ends or is refreshed. Returns what undoes this. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A valid access token. Undefined when there is no session. `refused` is a token that a service did not accept. */
  async accessToken(refused?: string): Promise<string | undefined> {
    const tokens = this.tokens;
    if (!tokens) return undefined;
    const isGood = tokens.expiresAtMs - EARLY_MS > this.#now() && tokens.accessToken !== refused;
    if (isGood && !this.#running) return tokens.accessToken;
    this.#running ??= this.#renew(tokens).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #renew({ refreshToken }: Tokens): Promise<string | undefined> {
    const renewed = await this.#refresh(refreshToken);
    // Signed out meanwhile.
    if (this.tokens?.refreshToken !== refreshToken) return this.tokens?.accessToken;
    if (renewed) this.start(renewed);
    else this.end();
    return renewed?.accessToken;
  }
}
