import { describe, expect, test } from "bun:test";
import * as driver from "mongodb";
import { MongoBulkWriteError, MongoNetworkTimeoutError, MongoServerError } from "mongodb";
import { AWAY_CODES, isMongoAway } from "./mongo-away.ts";

/** Every error of the driver that says that MongoDB is away. */
const AWAY = new Set([
  ...["MongoNetworkError", "MongoNetworkTimeoutError", "MongoServerSelectionError", "MongoServerClosedError"],
  ...[
    "MongoTopologyClosedError",
    "MongoClientClosedError",
    "MongoNotConnectedError",
    "MongoStalePrimaryError",
  ],
  ...["MongoExpiredSessionError", "MongoOperationTimeoutError", "MongoDecompressionError"],
  ...["MongoUnexpectedServerResponseError", "MongoWriteConcernError"],
]);
/** Those that it does not export. */
const HIDDEN = [
  "MongoPoolClosedError",
  "MongoPoolClearedError",
  "PoolClearedOnNetworkError",
  "MongoWaitQueueTimeoutError",
];
const NAMES = Object.values(driver as Record<string, unknown>).flatMap((one) =>
  typeof one === "function" && one.prototype instanceof driver.MongoError ? [one.name] : [],
);
const named = (name: string) => Object.defineProperty(new Error("it"), "name", { value: name });
const answered = (reply: object) => new MongoServerError({ message: "it", ...reply });
const inBulk = (error: object) => new MongoBulkWriteError(error as never, {} as driver.BulkWriteResult);

describe("isMongoAway", () => {
  test.each(NAMES)("knows the driver's %s", (name) => {
    expect(isMongoAway(named(name))).toBe(AWAY.has(name));
  });

  test.each(HIDDEN)("is true for %s", (name) => {
    expect(isMongoAway(named(name))).toBe(true);
  });

  test("has seen each error that it knows among those of the driver", () => {
    expect([...AWAY].filter((name) => !NAMES.includes(name))).toEqual([]);
  });

  test.each(Object.entries(AWAY_CODES))("is true for the server's %s, also in a bulk write", (_, code) => {
    expect(isMongoAway(answered({ code }))).toBe(true);
    expect(isMongoAway(inBulk({ message: "it", code, writeErrors: [] }))).toBe(true);
    expect(isMongoAway(Object.assign(new Error("of another library"), { code }))).toBe(false);
  });

  test.each([
    ["BadValue", 2],
    ["FailedToParse", 9],
    ["Unauthorized", 13],
    ["DocumentValidationFailure", 121],
    ["DuplicateKey", 11_000],
    ["none", undefined],
  ])("is false for the server's %s", (_, code) => {
    expect(isMongoAway(answered({ code }))).toBe(false);
    expect(isMongoAway(inBulk({ message: "it", code, writeErrors: [] }))).toBe(false);
  });

  test.each(["RetryableWriteError", "TransientTransactionError", "RetryableError", "SystemOverloadedError"])(
    "is true for an error with the label %s",
    (label) => {
      expect(isMongoAway(answered({ code: 2, errorLabels: [label] }))).toBe(true);
    },
  );

  test("is false for a label that says nothing about a repetition", () => {
    expect(isMongoAway(answered({ code: 2, errorLabels: ["NoWritesPerformed"] }))).toBe(false);
  });

  test("is true for a bulk write that got no answer", () => {
    expect(isMongoAway(inBulk(new MongoNetworkTimeoutError("it")))).toBe(true);
    expect(isMongoAway(inBulk(named("MongoWaitQueueTimeoutError")))).toBe(true);
    expect(isMongoAway(inBulk(answered({ code: 10_107 })))).toBe(true);
  });

  test.each([
    ["nothing", undefined],
    ["a text", "MongoNetworkError"],
    ["another object", { name: "MongoNetworkError" }],
    ["another error", new TypeError("of null")],
  ])("is false for what is no error of the driver: %s", (_, error) => {
    expect(isMongoAway(error)).toBe(false);
  });
});
