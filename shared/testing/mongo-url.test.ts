import { describe, expect, test } from "bun:test";
import { MongoClient } from "mongodb";
import { databaseOf, primaryOf, withDatabase, withProxy, withUser } from "./mongo-url.ts";

const MANY =
  "mongodb://me:p%40ss%2Fw%3Ard@a:1,b:2,[::1]:3/shop?replicaSet=rs&readPreferenceTags=dc:ny&readPreferenceTags=";

/** The URL as the driver parses it. */
const readAs = (url: string) => {
  const { hosts, credentials, dbName, replicaSet, directConnection, tls } = new MongoClient(url).options;
  const { username, password, source } = credentials ?? {};
  return { hosts: hosts.map(String), username, password, source, dbName, replicaSet, directConnection, tls };
};

describe("withDatabase keeps hosts, user and options:", () => {
  test.each([
    "mongodb://a",
    "mongodb://a:1",
    "mongodb://a:1/",
    "mongodb://a:1/?directConnection=true",
    "mongodb://a:1?tls=true&tlsCAFile=/etc/ca.pem",
    "mongodb://a:1,b:2/shop?replicaSet=rs",
    "mongodb://me:secret@a:1,b:2",
    "mongodb://me:secret@a:1/shop",
    "mongodb://me:secret@a:1/shop?authSource=users",
    "mongodb://me:p%40ss%2Fw%3Ard@a:1/?authMechanism=SCRAM-SHA-256",
    "mongodb://CN%3Dme@a:1/shop?authMechanism=MONGODB-X509&tls=true",
    MANY,
  ])("%s", (url) => {
    const other = withDatabase(url, "test_1");
    expect(readAs(other)).toEqual({ ...readAs(url), dbName: "test_1" });
    expect(databaseOf(other)).toBe("test_1");
    expect(withDatabase(other, "test_2")).toBe(withDatabase(url, "test_2"));
  });

  test("mongodb+srv too", () => {
    expect(withDatabase("mongodb+srv://me:secret@cluster.example.com/?w=1", "test_1")).toBe(
      "mongodb+srv://me:secret@cluster.example.com/test_1?w=1&authSource=admin",
    );
  });
});

test("withProxy leaves the proxy as the only host", () => {
  expect(readAs(withProxy(MANY, 4_711))).toEqual({
    ...readAs(MANY),
    hosts: ["127.0.0.1:4711"],
    directConnection: true,
  });
  expect(() => withProxy("mongodb+srv://cluster.example.com/", 1)).toThrow("mongodb+srv");
});

test("another user replaces the one in the URL", () => {
  expect(readAs(withUser(MANY, "somebody", "p@ss"))).toMatchObject({
    ...{ username: "somebody", password: "p@ss", source: "admin", dbName: "shop" },
    hosts: ["a:1", "b:2", "[::1]:3"],
  });
});

test("with a direct connection, the named host is the primary", async () => {
  expect(await primaryOf("mongodb://me:secret@a/?directConnection=true&tls=true")).toBe("a:27017");
});

test("refuses text that is not a connection string, and does not repeat it", () => {
  expect(() => withDatabase("redis://:hunter2@a:1", "test_1")).toThrow("Not a MongoDB connection string");
});
