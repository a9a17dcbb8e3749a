import { describe, expect, test } from "bun:test";
import { type UnreadAnswers, unfinishedBodies, unreadAnswers } from "./waiting-clients.ts";

describe("unfinished bodies", () => {
  /** Starts unfinished bodies of these addresses, and returns the numbers of those given up. */
  function waiting(addresses: string[], bounds: { max: number; maxPerAddress: number }) {
    const awaitBody = unfinishedBodies(bounds);
    const givenUp: number[] = [];
    const bodies = addresses.map((address, nth) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const read = awaitBody(
        address,
        () => givenUp.push(nth),
        () => promise,
      );
      return { read, finish: resolve };
    });
    return { bodies, givenUp, awaitBody };
  }

  test("when an address has too many, its oldest are given up, and no other address's", () => {
    const { givenUp } = waiting(["a", "b", "a", "a", "b", "a"], { max: 100, maxPerAddress: 2 });
    expect(givenUp).toEqual([0, 2]);
  });

  test("when all addresses together have too many, the oldest are given up", () => {
    const { givenUp } = waiting(["a", "b", "c", "d", "e"], { max: 3, maxPerAddress: 2 });
    expect(givenUp).toEqual([0, 1]);
  });

  test("do not count after they finish or fail", async () => {
    const { bodies, givenUp, awaitBody } = waiting(["a", "a"], { max: 100, maxPerAddress: 2 });
    const refused = () =>
      awaitBody(
        "a",
        () => undefined,
        () => Promise.reject(new Error("cut off")),
      );
    bodies[1]?.finish();
    await bodies[1]?.read;
    await expect(refused()).rejects.toThrow("cut off");
    await expect(refused()).rejects.toThrow("cut off");
    expect(givenUp).toEqual([]);
  });
});

describe("unread answers", () => {
  function answering(bounds: { max: number; maxPerAddress: number }) {
    const unread = new Set<Request>();
    const dropped: Request[] = [];
    let asked = 0;
    const answers: UnreadAnswers = unreadAnswers(
      {
        unread: () => unread.size,
        isUnread: (request) => {
          asked++;
          return unread.has(request);
        },
        drop: (request) => dropped.push(request),
      },
      bounds,
    );
    const isTooMany = (address: string) => answers.isTooMany(() => address);
    function answer(address: string) {
      const request = new Request("http://localhost/");
      isTooMany(address);
      unread.add(request);
      answers.answered(request, () => address);
      return request;
    }
    return { unread, dropped, answer, isTooMany, asked: () => asked };
  }

  test("when an address has too many, block it and no other", () => {
    const { answer, isTooMany } = answering({ max: 100, maxPerAddress: 3 });
    for (let i = 0; i < 6; i++) answer("a");
    expect(isTooMany("a")).toBe(false);
    answer("a");
    expect([isTooMany("a"), isTooMany("b")]).toEqual([true, false]);
  });

  test("do not count after they are read", () => {
    const { answer, isTooMany, unread } = answering({ max: 100, maxPerAddress: 3 });
    for (let i = 0; i < 8; i++) answer("a");
    expect(isTooMany("a")).toBe(true);
    unread.clear();
    expect(isTooMany("a")).toBe(false);
    for (let i = 0; i < 6; i++) answer("b");
    expect([isTooMany("a"), isTooMany("b")]).toEqual([false, false]);
  });

  test("when all addresses together have too many, the oldest are dropped", () => {
    const { answer, dropped } = answering({ max: 4, maxPerAddress: 3 });
    const requests = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].map(answer);
    expect(dropped).toEqual(requests.slice(4, 6));
  });

  test("are not checked one by one while an arriving request finds few, even when many are sent at once", () => {
    const { answer, isTooMany, unread, asked } = answering({ max: 100, maxPerAddress: 3 });
    answer("a");
    unread.clear();
    isTooMany("a");
    for (let i = 0; i < 3; i++) answer("a");
    expect(asked()).toBe(0);
  });
});
