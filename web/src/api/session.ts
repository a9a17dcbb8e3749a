// The session of one role. Its tokens stay in this tab alone, and its device token in this browser.
import { type Connection, type ConnectOptions, connect, type Role, type SavedSession } from "@food/client";

export type TokenStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class RoleSession {
  readonly connection: Connection<Role>;
  #saved: SavedSession;
  readonly #listeners = new Set<() => void>();

  constructor(
    role: Role,
    options: ConnectOptions,
    tab: TokenStorage = sessionStorage,
    browser: TokenStorage = localStorage,
  ) {
    const key = `session.${role}`;
    const deviceKey = `device.${role}`;
    const deviceToken = browser.getItem(deviceKey);
    this.#saved = { ...JSON.parse(tab.getItem(key) ?? "{}"), ...(deviceToken && { deviceToken }) };
    this.connection = connect(role, {
      ...options,
      saved: this.#saved,
      onSave: (saved) => {
        this.#saved = saved;
        const { deviceToken, ...tokens } = saved;
        if (deviceToken) browser.setItem(deviceKey, deviceToken);
        if (tokens.refreshToken) tab.setItem(key, JSON.stringify(tokens));
        else tab.removeItem(key);
        for (const listener of this.#listeners) listener();
      },
    });
  }

  /** Not with tokens that can only set up a second factor. */
  get isSignedIn(): boolean {
    return this.#saved.refreshToken !== undefined && this.#saved.next === undefined;
  }

  /** Calls the listener when the session starts, ends or is refreshed. Returns what undoes this. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
