import { beforeEach, describe, expect, test } from "bun:test";
import { SessionKeeper, type TokenStorage, type Tokens } from "./session-keeper.ts";

const NOW = 1_000_000;
const HOUR_MS = 3_600_000;
let asked: string[];
let answer: PromiseWithResolvers<Tokens | undefined>;
let keeper: SessionKeeper;

function memory(): TokenStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
const tokens = (name: string, expiresAtMs = NOW + HOUR_MS): Tokens => ({
  accessToken: `access ${name}`,
  refreshToken: `refresh ${name}`,
  expiresAtMs,
});

beforeEach(() => {
  asked = [];
  answer = Promise.withResolvers();
  const refresh = (token: string) => {
    asked.push(token);
    return answer.promise;
  };
  keeper = new SessionKeeper(memory(), "customer", refresh, () => NOW);
});

describe("the access token", () => {
  test("is none without a session", async () => {
    expect(await keeper.accessToken()).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test("is used while it is valid", async () => {
    keeper.start(tokens("a"));
    expect(await keeper.accessToken()).toBe("access a");
    expect(asked).toEqual([]);
  });

  test("is refreshed once for all who need it", async () => {
    keeper.start(tokens("a", NOW + 1_000));
    const waiting = [1, 2, 3].map(() => keeper.accessToken());
    answer.resolve(tokens("b"));
    expect(await Promise.all(waiting)).toEqual(["access b", "access b", "access b"]);
    expect(asked).toEqual(["refresh a"]);
    expect(await keeper.accessToken()).toBe("access b");
  });

  test("is refreshed when a service refused it, and not again for a late refusal of the same token", async () => {
    keeper.start(tokens("a"));
    answer.resolve(tokens("b"));
    expect(await keeper.accessToken("access a")).toBe("access b");
    expect(await keeper.accessToken("access a")).toBe("access b");
    expect(asked).toEqual(["refresh a"]);
  });

  test("ends the session when the refresh token is refused", async () => {
    keeper.start(tokens("a", NOW));
    let heard = 0;
    keeper.onChange(() => heard++);
    answer.resolve(undefined);
    expect(await keeper.accessToken()).toBeUndefined();
    expect([keeper.isSignedIn, heard]).toEqual([false, 1]);
  });

  test("keeps the session when there is no answer, and asks again", async () => {
    keeper.start(tokens("a", NOW));
    answer.reject(new Error("away"));
    const failed = await keeper.accessToken().then(
      () => undefined,
      (error: Error) => error.message,
    );
    expect([failed, keeper.isSignedIn]).toEqual(["away", true]);
    answer = Promise.withResolvers();
    answer.resolve(tokens("b"));
    expect(await keeper.accessToken()).toBe("access b");
  });

  test("of a session that ended during the refresh does not come back", async () => {
    keeper.start(tokens("a", NOW));
    const late = keeper.accessToken();
    keeper.end();
    answer.resolve(tokens("b"));
    expect(await late).toBeUndefined();
    expect(keeper.isSignedIn).toBe(false);
  });
});
