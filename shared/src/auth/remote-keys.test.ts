// Made-up tokens must not be a way to flood the service that has the keys.
import { describe, expect, test } from "bun:test";
import { errors, type FlattenedJWSInput, type JWTHeaderParameters } from "jose";
import { cleanUp, eventually, identityOf } from "../../testing/service.ts";
import { COOLDOWN_MS, MAX_AGE_MS, RETRY_MS, remoteKeys } from "./remote-keys.ts";

const before = await identityOf("accounts");
const after = await identityOf("accounts");
const NO_TOKEN: FlattenedJWSInput = { payload: "", signature: "" };

/** The keys of a service whose fetches are counted, on a clock that the test moves. */
function setUp() {
  const served = { keys: before.keys.publicKeys as { keys: object[] } | undefined, fetches: 0 };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch() {
      served.fetches++;
      return served.keys ? Response.json(served.keys) : new Response(null, { status: 503 });
    },
  });
  cleanUp(() => server.stop(true));
  let time = 0;
  const getKey = remoteKeys(server.url.origin, () => time);
  const ask = (kid: string): Promise<string> => {
    const header: JWTHeaderParameters = { alg: "EdDSA", kid };
    return Promise.resolve(getKey(header, NO_TOKEN)).then(
      () => "a key",
      (error) => (error instanceof errors.JWKSNoMatchingKey ? "no such key" : error.code),
    );
  };
  const pass = (ms: number) => {
    time += ms;
  };
  return { served, ask, pass };
}

const made = (count: number, kid = (i: number) => `made-up-${i}`) =>
  Array.from({ length: count }, (_, i) => kid(i));

describe("unknown key ids", () => {
  test.each([
    ["one, many times", made(200, () => "made-up")],
    ["many different ones", made(200)],
    ["ids of 1 kB", made(200, (i) => `${i}`.padStart(1_024, "k"))],
  ])("cause one fetch for each cooldown: %s", async (_, kids) => {
    const { served, ask, pass } = setUp();
    expect(await ask(before.keys.keyId)).toBe("a key");
    for (const round of [1, 2, 3]) {
      pass(COOLDOWN_MS);
      const answers = await Promise.all(kids.map(ask));
      expect(new Set(answers)).toEqual(new Set(["no such key"]));
      for (const kid of kids) await ask(kid);
      pass(COOLDOWN_MS - 1);
      await Promise.all(kids.map(ask));
      pass(-COOLDOWN_MS + 1);
      expect(served.fetches).toBe(1 + round);
    }
  });

  test("before the first fetch cause one, and do not delay known ones", async () => {
    const { served, ask } = setUp();
    const answers = await Promise.all([...made(100), before.keys.keyId].map(ask));
    expect([answers.at(-1), served.fetches]).toEqual(["a key", 1]);
  });

  test("while the other service fails cause one fetch for each cooldown, and known keys go on working", async () => {
    const { served, ask, pass } = setUp();
    await ask(before.keys.keyId);
    served.keys = undefined;
    for (const round of [1, 2, 3]) {
      pass(COOLDOWN_MS);
      for (const kid of made(50)) expect(await ask(kid)).toBe("KEYS_UNAVAILABLE");
      expect(await ask(before.keys.keyId)).toBe("a key");
      expect(served.fetches).toBe(1 + round);
    }
  });

  test("while the other service has never answered cause few fetches", async () => {
    const { served, ask, pass } = setUp();
    served.keys = undefined;
    for (const round of [1, 2, 3]) {
      for (const kid of made(50)) expect(await ask(kid)).toBe("KEYS_UNAVAILABLE");
      expect(served.fetches).toBe(round);
      pass(RETRY_MS);
    }
  });
});

describe("a new key", () => {
  test("is found at its first token, once the cooldown has passed", async () => {
    const { served, ask, pass } = setUp();
    await ask(before.keys.keyId);
    served.keys = after.keys.publicKeys;
    expect(await ask(after.keys.keyId)).toBe("no such key");
    pass(COOLDOWN_MS);
    expect(await ask(after.keys.keyId)).toBe("a key");
    expect(await ask(before.keys.keyId)).toBe("no such key");
  });

  test("replaces a removed one at the next fetch, which old keys cause", async () => {
    const { served, ask, pass } = setUp();
    await ask(before.keys.keyId);
    served.keys = after.keys.publicKeys;
    pass(MAX_AGE_MS + 1);
    // The fetch runs in the background, so the first token is checked with the old keys.
    expect(await ask(before.keys.keyId)).toBe("a key");
    await eventually(async () => (await ask(before.keys.keyId)) === "no such key");
    expect(served.fetches).toBe(2);
  });

  test("is no condition: old keys are used while the other service is away", async () => {
    const { served, ask, pass } = setUp();
    await ask(before.keys.keyId);
    served.keys = undefined;
    pass(10 * MAX_AGE_MS);
    expect(await ask(before.keys.keyId)).toBe("a key");
  });
});
