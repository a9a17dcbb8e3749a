// Hostile values for every part of a request.

/** Only ever inside a MongoDB operator, so it must never reach the database. */
export const OPERATOR_MARK = "operator-from-input";
/** A property that appears on other objects when one request pollutes a prototype. */
export const POLLUTED = "pollutedByInput";

/** Objects where a string is expected (OWASP, injection of MongoDB operators). */
const OPERATORS: unknown[] = [
  { $ne: OPERATOR_MARK },
  { $gt: OPERATOR_MARK },
  { $regex: OPERATOR_MARK, $options: "i" },
  { $in: [OPERATOR_MARK] },
  { $nin: [OPERATOR_MARK] },
  { $not: { $eq: OPERATOR_MARK } },
  { $where: `return "${OPERATOR_MARK}"` },
  { $expr: { $ne: [OPERATOR_MARK, 1] } },
  { $function: { body: OPERATOR_MARK, args: [], lang: "js" } },
  { "address.city": OPERATOR_MARK },
  [{ $ne: OPERATOR_MARK }],
];

/** Own properties with names that some code would follow to a prototype. */
const PROTOTYPES: unknown[] = [
  JSON.parse(`{"__proto__":{"${POLLUTED}":true}}`),
  JSON.parse(`{"constructor":{"prototype":{"${POLLUTED}":true}}}`),
  JSON.parse(`{"prototype":{"${POLLUTED}":true}}`),
];

export const HOSTILE_TEXTS = [
  "",
  " ",
  "null",
  "undefined",
  "NaN",
  "true",
  "-1",
  "1e309",
  "0x7f000001",
  "$where",
  "$ne",
  `{"$ne":null}`,
  "a.b.$.c",
  "__proto__",
  "constructor",
  "toString",
  "' OR '1'='1",
  `"; return true; //`,
  "../../etc/passwd",
  "%2e%2e%2f",
  "<script>alert(1)</script>",
  "{{7*7}}",
  "line\r\nSet-Cookie: a=b",
  "text\u0000after",
  "\u202etxt.exe",
  "\ufeff",
  "e\u0301".repeat(60),
  "👩‍👩‍👧‍👦".repeat(30),
  "(".repeat(300),
  "a".repeat(5_000),
  "é".repeat(300),
  "http://169.254.169.254/latest/meta-data/",
  "2026-02-30T25:61:61Z",
  "9999-99-99",
];

/** A cursor is a JSON text from the client in base64url. */
export const HOSTILE_CURSORS = [
  { after: { $ne: OPERATOR_MARK } },
  { after: "x", $where: OPERATOR_MARK },
  { after: "" },
  { after: null },
  [],
  "text",
  1e308,
].map((position) => Buffer.from(JSON.stringify(position)).toString("base64url"));

export const HOSTILE_VALUES: unknown[] = [
  ...OPERATORS,
  ...PROTOTYPES,
  null,
  true,
  0,
  -1,
  1.5,
  -0,
  1e308,
  2 ** 53,
  [],
  {},
  [[]],
  Array.from({ length: 500 }, () => 1),
  ...HOSTILE_TEXTS,
];

/** Names of properties and parameters that nobody declares. */
export const HOSTILE_NAMES = [
  "$where",
  "$set",
  "__proto__",
  "constructor",
  "prototype",
  "role",
  "_id",
  "a.b",
  "",
  "toString",
  "passwordHash",
];

/** Bodies that are not what the operation expects, as text. */
export const HOSTILE_BODIES = [
  "",
  "{",
  "null",
  "[]",
  `"text"`,
  "1",
  "{}",
  `{"a":1,"a":2}`,
  `{"__proto__":{"${POLLUTED}":true}}`,
  `{"constructor":{"prototype":{"${POLLUTED}":true}}}`,
  `{"$where":"${OPERATOR_MARK}"}`,
  "[".repeat(40) + "]".repeat(40),
  `{"a":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
  `{"a":"${"x".repeat(70_000)}"}`,
  `{"a":"\\ud800"}`,
  `{"a":1e999}`,
];
