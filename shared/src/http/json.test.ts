import { describe, expect, test } from "bun:test";
import { outcome, startThings } from "./app.builder.ts";
import { parseJson, textOf } from "./json.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const refusal = expect.objectContaining({ status: 400, code: "MALFORMED_JSON" });

describe("bytes that are not UTF-8", () => {
  test.each([
    ["Latin-1", latin1('{"name":"M\xfcller"}')],
    ["an overlong slash", latin1('{"name":"\xc0\xaf"}')],
    ["an encoded surrogate", latin1('{"name":"\xed\xa0\x80"}')],
    ["a code point beyond the last", latin1('{"name":"\xf4\x90\x80\x80"}')],
    ["a character cut short", latin1('{"name":"a"}\xe2\x82')],
    ["UTF-16", Buffer.from('\ufeff{"name":"a"}', "utf16le")],
  ])("are refused: %s", (_, bytes) => {
    expect(() => parseJson(textOf(bytes))).toThrow(refusal);
  });
});

describe("a lone surrogate in an escape", () => {
  test.each([
    ['{"name":"A\\ud800B"}'],
    ['{"name":"\\uDFFF"}'],
    ['{"name":"\\udc00\\ud800"}'],
    ['{"password":"passwor\\ud800"}'],
    ['{"A\\ud800":1}'],
    ['["\\ud800"]'],
    ['"\\ud800"'],
    ['{"a":{"b":[{"c":"\\ud800"}]}}'],
  ])("is refused: %s", (text) => {
    expect(() => parseJson(text)).toThrow(refusal);
  });

  test("is accepted as a complete pair", () => {
    expect(parseJson('{"name":"\\ud83c\\udf5d"}')).toEqual({ name: "🍝" });
  });
});

describe("parsed text", () => {
  test("is in NFC, also from escapes, except passwords", () => {
    const text = '{"name":"Zoe\u0308","items":[{"note":"Cafe\\u0301"}],"newPassword":"Zoe\u0308"}';
    expect(parseJson(text)).toEqual({
      name: "Zo\u00eb",
      items: [{ note: "Caf\u00e9" }],
      newPassword: "Zoe\u0308",
    });
  });

  test("cannot reach a prototype", () => {
    const value = parseJson('{"__proto__":{"admin":"\u00e9"}}') as { admin?: unknown };
    expect([Object.keys(value as object), value.admin]).toEqual([["__proto__"], undefined]);
  });

  test.each([['{"toString":1}'], ['{"\\u0074oString":1}'], ['[{"a":[{"toString":{}}]}]']])(
    "has no property on which making a text of it fails: %s",
    (text) => {
      expect(() => parseJson(text)).toThrow(expect.objectContaining({ status: 400, code: "RESERVED_NAME" }));
      expect(parseJson('{"name":"toString"}')).toEqual({ name: "toString" });
    },
  );

  test("may nest as deep as a body is long", () => {
    const depth = 30_000;
    expect(() => parseJson(`${"[".repeat(depth)}"\u00e9"${"]".repeat(depth)}`)).not.toThrow(RangeError);
  });
});

test("over HTTP such a body answers 400, and does not repeat it", async () => {
  const { post } = await startThings();
  for (const body of [latin1('{"name":"M\xfcller"}'), '{"name":"\\ud800"}'])
    expect(await outcome(await post(body as string))).toEqual([400, "MALFORMED_JSON"]);
  expect(await outcome(await post('{"name":{"toString":1}}'))).toEqual([400, "RESERVED_NAME"]);
});
