// The tokens of one account. They are renewed before they expire, once for all calls that need them.
import type { components } from "./api/customer.ts";

export type SessionAnswer = components["schemas"]["Session"] & Pick<SavedSession, "next">;

/** What a program keeps to be still signed in at its next start. */
export interface SavedSession {
  accessToken?: string;
  refreshToken?: string;
  expiresAtMs?: number;
  /** Stays after signing out: it lets this device in while strangers try passwords. */
  deviceToken?: string;
  /** All that the tokens can do now. */
  next?: "set_up_second_factor";
}

export interface SessionOptions {
  /** Undefined when the refresh token was refused. Throws when there was no answer. */
  refresh: (refreshToken: string) => Promise<SessionAnswer | undefined>;
  saved?: SavedSession;
  onChange?: (saved: SavedSession) => void;
  now?: () => number;
}

/** So that no token expires on its way. */
const RENEW_BEFORE_MS = 30_000;

export class Session {
  #saved: SavedSession;
  #renewing: Promise<void> | undefined;
  readonly #refresh: SessionOptions["refresh"];
  readonly #onChange: (saved: SavedSession) => void;
  readonly #now: () => number;

  constructor({ refresh, saved = {}, onChange = () => {}, now = Date.now }: SessionOptions) {
    this.#refresh = refresh;
    this.#saved = saved;
    this.#onChange = onChange;
    this.#now = now;
  }

  get refreshToken(): string | undefined {
    return this.#saved.refreshToken;
  }
  get deviceToken(): string | undefined {
    return this.#saved.deviceToken;
  }

  start({ accessToken, refreshToken, expiresIn, deviceToken = this.deviceToken, next }: SessionAnswer): void {
    const expiresAtMs = this.#now() + expiresIn * 1_000;
    const more = { ...(deviceToken && { deviceToken }), ...(next && { next }) };
    this.#save({ accessToken, refreshToken, expiresAtMs, ...more });
  }

  end(): void {
    this.#save(this.deviceToken ? { deviceToken: this.deviceToken } : {});
  }

  /** Another token than the refused one, if a service refused one. Throws when a needed renewal got no answer. */
  async accessToken(refused?: string): Promise<string | undefined> {
    const { accessToken, expiresAtMs = 0 } = this.#saved;
    const isRefused = accessToken !== undefined && accessToken === refused;
    if (!isRefused && this.#now() < expiresAtMs - RENEW_BEFORE_MS) return accessToken;
    try {
      await this.#renew();
    } catch (error) {
      if (isRefused || this.#now() >= expiresAtMs) throw error;
    }
    return this.#saved.accessToken;
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    const { refreshToken } = this.#saved;
    if (refreshToken === undefined) return;
    const answer = await this.#refresh(refreshToken);
    // Another sign-in or sign-out has come first.
    if (this.refreshToken !== refreshToken) return;
    if (answer) this.start(answer);
    else this.end();
  }

  #save(saved: SavedSession): void {
    this.#saved = saved;
    this.#onChange(saved);
  }
}
