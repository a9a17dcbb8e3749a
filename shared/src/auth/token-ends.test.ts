import { describe, expect, test } from "bun:test";
import { identityOf } from "../../testing/service.ts";
import { newTokenEnds } from "./token-ends.ts";
import { tokenVerifier } from "./tokens.ts";

const soon = () => Date.now() + 60_000;

describe("newTokenEnds", () => {
  test("has what was added and nothing else", () => {
    const ends = newTokenEnds();
    ends.add([{ sessionId: "one", until: soon() }]);
    expect(["one", "two", "__proto__", ""].map(ends.has)).toEqual([true, false, false, false]);
  });

  test("tells each ended session once, however often it is added", () => {
    const ends = newTokenEnds();
    const told: string[][] = [];
    ends.onEnd((ids) => told.push([...ids]));
    const [one, two] = ["one", "two"].map((sessionId) => ({ sessionId, until: soon() }));
    if (!one || !two) throw new Error();
    ends.add([one]);
    ends.add([one, two]);
    ends.add([two, one]);
    ends.add([]);
    expect(told).toEqual([["one"], ["two"]]);
  });

  test("drops sessions whose tokens have expired", () => {
    const ends = newTokenEnds();
    ends.add([
      { sessionId: "past", until: Date.now() - 1 },
      { sessionId: "now", until: soon() },
    ]);
    expect(["past", "now"].map(ends.has)).toEqual([false, true]);
  });

  test("when there are too many, drops the oldest", () => {
    const ends = newTokenEnds(3);
    for (const sessionId of ["1", "2", "3", "4", "5"]) ends.add([{ sessionId, until: soon() }]);
    expect(["1", "2", "3", "4", "5"].filter(ends.has)).toEqual(["3", "4", "5"]);
  });
});

describe("tokenVerifier", () => {
  test("refuses the tokens of an ended session, also those that it has accepted, and no others", async () => {
    const { keys, sign } = await identityOf("accounts");
    const ends = newTokenEnds();
    const issuers = { accounts: { roles: ["user"], keys: keys.publicKeys } };
    const verify = tokenVerifier("here", issuers, ends);
    const tokenOf = (sessionId?: string, subject = "usr_1") =>
      sign({
        ...{ subject, role: "user", audience: ["here"], ttlSeconds: 60 },
        ...(sessionId && { sessionId }),
      });
    const tokens = [await tokenOf("ended"), await tokenOf("open"), await tokenOf()];
    const outcomes = () =>
      Promise.all(
        tokens.map((token) =>
          verify(token).then(
            ({ sessionId }) => sessionId ?? "none",
            ({ status }) => status,
          ),
        ),
      );
    expect(await outcomes()).toEqual(["ended", "open", "none"]);
    ends.add([{ sessionId: "ended", until: soon() }]);
    expect(await outcomes()).toEqual([401, "open", "none"]);
    tokens.push(await tokenOf("ended", "usr_2"));
    expect(await outcomes()).toEqual([401, "open", "none", 401]);
  });
});
