import { describe, expect, spyOn, test } from "bun:test";
import { BSON } from "mongodb";
import "./mongo-texts.ts";

const again = (document: object) => BSON.deserialize(BSON.serialize(document));

describe("texts of MongoDB's documents", () => {
  test("the driver asks for each name, and a name that is repeated is not decoded again", () => {
    // Longer than those that the driver decodes byte by byte.
    const document = { twentyTwoCharactersLong: 1 };
    const bytes = BSON.serialize(document);
    BSON.deserialize(bytes);
    const asked = spyOn(BSON.onDemand.ByteUtils as { toUTF8: (...given: never[]) => string }, "toUTF8");
    const decoded = spyOn(Buffer.prototype, "toString");
    try {
      expect(BSON.deserialize(bytes)).toEqual(document);
      expect([asked.mock.calls.length, decoded.mock.calls.length]).toEqual([1, 0]);
    } finally {
      asked.mockRestore();
      decoded.mockRestore();
    }
  });

  test.each([
    "",
    "a",
    "ready",
    "twenty-four characters..",
    "a text of more than twenty-four characters",
    "é",
    "naïve",
    "日本語",
    "🍕".repeat(20),
    "\ufffd",
    "\0 in the middle",
  ])("reads %j as a value", (text) => {
    expect(again({ text })).toEqual({ text });
  });

  test.each(["a", "deliveryAddress", "n".repeat(24), "n".repeat(25), "straße", "__proto__x", "日本", "1"])(
    "reads %j as a name, also when it is repeated",
    (name) => {
      for (let i = 0; i < 3; i++) expect(Object.keys(again({ [name]: i }))).toEqual([name]);
    },
  );

  test("reads many names, those with the same place in the table, too", () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `name${i}`);
    const document = Object.fromEntries(names.map((name, i) => [name, i]));
    for (let i = 0; i < 2; i++) expect(again(document)).toEqual(document);
  });

  test("keeps names apart that differ in one byte, or are a part of one another", () => {
    const document = { ab: 1, aB: 2, a: 3, abc: 4, ba: 5 };
    for (let i = 0; i < 2; i++) expect(again(document)).toEqual(document);
  });

  test("reads the bytes of any view", () => {
    const bytes = new Uint8Array(BSON.serialize({ name: "a value of more than twenty-four characters" }));
    expect(BSON.deserialize(bytes)).toEqual({ name: "a value of more than twenty-four characters" });
  });

  test.each([3, 30])("refuses a value of %d bytes that is not UTF-8", (length) => {
    const bytes = Buffer.from(BSON.serialize({ name: "x".repeat(length) }));
    bytes[bytes.indexOf("x")] = 0xff;
    expect(() => BSON.deserialize(bytes)).toThrow("Invalid UTF-8");
  });

  test("reads a name that is not UTF-8 as the driver does, also when it is repeated", () => {
    const bytes = Buffer.from(BSON.serialize({ xy: 1, yx: 2 }));
    bytes[bytes.indexOf("xy")] = 0xe9;
    for (let i = 0; i < 2; i++) expect(BSON.deserialize(bytes)).toEqual({ "\ufffdy": 1, yx: 2 });
  });
});
