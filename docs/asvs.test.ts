// asvs.csv has a row for every requirement of OWASP ASVS 5.0.0 at levels 1 and 2, and only tests that exist.
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");

/** The level of each requirement, by section: the third digit of "1.2" is the level of 1.2.3. */
const LEVELS: Record<string, string> = {
  "1.1": "22",
  "1.2": "111112222",
  "1.3": "11222222222",
  "1.4": "222",
  "1.5": "12",
  "2.1": "122",
  "2.2": "112",
  "2.3": "1222",
  "2.4": "2",
  "3.2": "11",
  "3.3": "1222",
  "3.4": "112222",
  "3.5": "11122",
  "3.7": "22",
  "4.1": "122",
  "4.2": "2",
  "4.3": "22",
  "4.4": "1222",
  "5.1": "2",
  "5.2": "112",
  "5.3": "11",
  "5.4": "222",
  "6.1": "122",
  "6.2": "111111112222",
  "6.3": "1122",
  "6.4": "1122",
  "6.5": "22222",
  "6.6": "222",
  "6.8": "2222",
  "7.1": "222",
  "7.2": "1111",
  "7.3": "22",
  "7.4": "11222",
  "7.5": "22",
  "7.6": "22",
  "8.1": "12",
  "8.2": "112",
  "8.3": "1",
  "8.4": "2",
  "9.1": "111",
  "9.2": "1222",
  "10.1": "22",
  "10.2": "22",
  "10.3": "2222",
  "10.4": "11111222222",
  "10.5": "22222",
  "10.6": "22",
  "10.7": "222",
  "11.1": "22",
  "11.2": "222",
  "11.3": "112",
  "11.4": "1222",
  "11.5": "2",
  "11.6": "2",
  "12.1": "122",
  "12.2": "11",
  "12.3": "2222",
  "13.1": "2",
  "13.2": "22222",
  "13.3": "22",
  "13.4": "12222",
  "14.1": "22",
  "14.2": "1222",
  "14.3": "122",
  "15.1": "122",
  "15.2": "122",
  "15.3": "1222222",
  "16.1": "2",
  "16.2": "22222",
  "16.3": "2222",
  "16.4": "222",
  "16.5": "222",
  "17.1": "2",
  "17.2": "2222",
  "17.3": "22",
};
const EXPECTED = Object.entries(LEVELS).flatMap(([section, levels]) =>
  [...levels].flatMap((level, i) => (level === "3" ? [] : [`${section}.${i + 1} level ${level}`])),
);

interface Row {
  id: string;
  level: string;
  topic: string;
  status: string;
  evidence: string;
}

/** Fields with commas are in quotes (RFC 4180). */
const fieldsOf = (line: string) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain = ""]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );

function rowsOf(text: string): Row[] {
  const [, ...lines] = text.trimEnd().split("\n");
  return lines.map((line) => {
    const [id = "", level = "", topic = "", status = "", evidence = ""] = fieldsOf(line);
    return { id, level, topic, status, evidence };
  });
}

/** What is wrong with the tests that a row names as `file › title`, with ` ; ` between two. */
function faultsIn(evidence: string): string[] {
  const tests = evidence.split(" ; ").filter((one) => one !== "");
  if (tests.length === 0) return ["names no test"];
  return tests.flatMap((one) => {
    const [file = "", title = ""] = one.split(" › ");
    if (title === "") return [`${one}: write file › title`];
    if (!existsSync(join(ROOT, file))) return [`${file} does not exist`];
    return readFileSync(join(ROOT, file), "utf8").includes(title) ? [] : [`${file} has no test ${title}`];
  });
}

const rows = rowsOf(readFileSync(join(import.meta.dir, "asvs.csv"), "utf8"));

describe("asvs.csv", () => {
  test("has each of the 70 requirements of level 1 and the 183 of level 2, in order", () => {
    expect(rows.map(({ id, level }) => `${id} level ${level}`)).toEqual(EXPECTED);
    expect(rows.filter(({ level }) => level === "1")).toHaveLength(70);
    expect(rows.filter(({ level }) => level === "2")).toHaveLength(183);
  });

  test("says pass, n/a or gap, with a topic of a few words", () => {
    for (const { id, topic, status } of rows) {
      expect([id, status]).toEqual([id, expect.stringMatching(/^(pass|n\/a|gap)$/)]);
      expect([id, topic]).toEqual([id, expect.stringMatching(/^\S+( \S+){1,5}$/)]);
    }
  });

  test("names tests that exist where it says pass", () => {
    const faults = rows.flatMap(({ id, status, evidence }) =>
      status === "pass" ? faultsIn(evidence).map((fault) => `${id}: ${fault}`) : [],
    );
    expect(faults).toEqual([]);
  });

  test("gives a reason for n/a, and a plan for a gap", () => {
    const silent = rows.filter(({ status, evidence }) => status !== "pass" && evidence.length < 6);
    expect(silent).toEqual([]);
  });

  test("passes all that applies of level 1", () => {
    expect(rows.filter(({ level, status }) => level === "1" && status === "gap")).toEqual([]);
  });

  test("passes nine tenths of what applies of level 2", () => {
    const applies = rows.filter(({ level, status }) => level === "2" && status !== "n/a");
    const passed = applies.filter(({ status }) => status === "pass");
    expect(passed.length / applies.length).toBeGreaterThanOrEqual(0.9);
  });
});

test("a row without a test, with another file or with another title is found", () => {
  expect(faultsIn("")).toEqual(["names no test"]);
  expect(faultsIn("docs/asvs.test.ts")).toEqual(["docs/asvs.test.ts: write file › title"]);
  expect(faultsIn("docs/none.test.ts › a")).toEqual(["docs/none.test.ts does not exist"]);
  const absent = `a title that is ${"nowhere"} here`;
  expect(faultsIn(`docs/asvs.test.ts › ${absent}`)).toEqual([`docs/asvs.test.ts has no test ${absent}`]);
  expect(rowsOf('id,level\n1.1.1,2,"a, b",pass,"x ""y"""')).toMatchObject([
    { topic: "a, b", evidence: 'x "y"' },
  ]);
});
