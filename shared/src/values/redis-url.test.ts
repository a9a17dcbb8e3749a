import { describe, expect, test } from "bun:test";
import { redisTarget } from "./redis-url.ts";

describe("a Redis URL", () => {
  test.each(["redis://cache:6379", "rediss://user:pass@cache:6379/2?family=6", "redis://:p%40ss@127.0.0.1"])(
    "of one server: %s",
    (url) => expect(redisTarget(url)).toEqual({ kind: "server" }),
  );

  test("of a cluster has nodes, a user and a password", () => {
    expect(redisTarget("redis+cluster://me:p%40ss:x@a:7001,b.example,[::1]:7003")).toEqual({
      ...{ kind: "cluster", isTls: false, username: "me", password: "p@ss:x" },
      nodes: [
        { host: "a", port: 7001 },
        { host: "b.example", port: 6379 },
        { host: "::1", port: 7003 },
      ],
    });
    expect(redisTarget("rediss+cluster://:secret@a:7001/0")).toEqual({
      ...{ kind: "cluster", isTls: true, password: "secret", nodes: [{ host: "a", port: 7001 }] },
    });
  });

  test("of sentinels has the master's name, and a database", () => {
    const nodes = [
      { host: "a", port: 26379 },
      { host: "b", port: 7 },
    ];
    expect(redisTarget("redis+sentinel://a,b:7/my-master")).toEqual({
      ...{ kind: "sentinel", isTls: false, nodes, masterName: "my-master", db: 0 },
      ofSentinels: {},
    });
    expect(redisTarget("rediss+sentinel://a,b:7/my-master/3")).toMatchObject({ isTls: true, db: 3 });
  });

  test("of sentinels may have their user and password", () => {
    const of = (query: string) => redisTarget(`redis+sentinel://me:pass@a/main?${query}`);
    expect(of("sentinel_username=watch&sentinel_password=p%40s%26s+%3D:=")).toMatchObject({
      ...{ username: "me", password: "pass" },
      ofSentinels: { username: "watch", password: "p@s&s+=:=" },
    });
    expect(of("sentinel_password=secret")).toMatchObject({ ofSentinels: { password: "secret" } });
  });

  test.each([
    ...["", "cache:6379", "http://cache", "redis://", "redis://cache:99999", "redis+cluster://"],
    ...[
      "redis+cluster://a:1,",
      "redis+cluster://a:0",
      "redis+cluster://a:65536",
      "redis+cluster://a:1,b c:1",
    ],
    ...[
      "redis+cluster://a:1/1",
      "redis+cluster://a:1/name",
      "redis+cluster://a:1?x=1",
      "redis+cluster://%@a:1",
    ],
    ...["redis+sentinel://a:1", "redis+sentinel://a:1/", "redis+sentinel://a:1/name/x"],
    ...["redis+sentinel://a:1/name?password=x", "redis+sentinel://a:1?sentinel_password=x"],
    ...["redis+sentinel://a:1/na me", "redis+shard://a:1", "cluster://a:1"],
  ])("is none: %p", (url) => expect(redisTarget(url)).toBeUndefined());
});
