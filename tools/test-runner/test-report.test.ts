import { describe, expect, test } from "bun:test";
import {
  complaintOf,
  countTests,
  describeReport,
  describeTimes,
  reasonOf,
  secondsOf,
} from "./test-report.ts";

describe("the times of files", () => {
  test("are those of whole files, not of the suites in them", () => {
    const junit = `<testsuites time="9"><testsuite name="a.test.ts" file="a.test.ts" time="3.5">
      <testsuite name="inner" file="a.test.ts" time="1"></testsuite></testsuite>
      <testsuite name="b.test.ts" file="b.test.ts" time="0.4"></testsuite></testsuites>`;
    expect([...secondsOf(junit)]).toEqual([
      ["a.test.ts", 3.5],
      ["b.test.ts", 0.4],
    ]);
  });

  test("are shown for the slowest, under the time of all and the cores they kept busy", () => {
    const files = new Map(Array.from({ length: 20 }, (_, i) => [`${i}.test.ts`, i]));
    const lines = describeTimes(files, 60, 90).split("\n");
    expect(lines[0]).toBe("took 60 s, and 1.5 cores; the slowest files:");
    expect(lines[1]).toBe("    19 s  19.test.ts");
    expect(lines).toHaveLength(13);
  });
});

describe("countTests", () => {
  test("counts each outcome, says why a test failed, and names what was skipped", () => {
    const junit = `<testsuites><testsuite file="a.test.ts">
      <testcase name="works" classname="a" file="a.test.ts" />
      <testcase name="breaks" classname="a" file="a.test.ts">
        <failure type="Error" message="1 &lt; 0">Error: 1 &lt; 0&#10;      at a.test.ts:3:56&#10;</failure>
      </testcase>
      <testcase name="is late" classname="" file="a.test.ts">
        <failure type="TimeoutError" message="test timed out" />
      </testcase>
      <testcase name="waits &lt;later&gt;" classname="inner &gt; outer" file="a.test.ts">
        <skipped />
      </testcase>
    </testsuite></testsuites>`;
    expect(countTests(junit)).toEqual({
      passed: 1,
      failed: [
        { name: "a.test.ts › a › breaks", reason: "Error: 1 < 0\n      at a.test.ts:3:56" },
        { name: "a.test.ts › is late", reason: "test timed out" },
      ],
      skipped: ["a.test.ts › outer › inner › waits <later>"],
    });
  });

  test("counts nothing in an empty report", () => {
    expect(countTests("<testsuites></testsuites>")).toEqual({ passed: 0, failed: [], skipped: [] });
  });
});

describe("reasonOf", () => {
  test("keeps the first twelve lines and the place in the code", () => {
    const lines = Array.from({ length: 40 }, (_, i) => `${i + 1}`);
    const reason = reasonOf([...lines, "", "      at a.test.ts:3:56", "      at b.ts:1:1"].join("\n"));
    expect(reason.split("\n")).toEqual([...lines.slice(0, 12), "      at a.test.ts:3:56"]);
  });

  test("keeps a short message whole", () => {
    expect(reasonOf("\nbroken\n\n\n\nagain\n")).toBe("broken\n\nagain");
  });
});

describe("complaintOf", () => {
  const line = "-".repeat(31);
  const broken = (text: string) => `\n# Unhandled error between tests\n${line}\n${text}\n${line}\n\n`;

  test("finds what bun test wrote about a file that broke before its tests", () => {
    const output = `\na.test.ts:\n(pass) one\n\nb.test.ts:\n${broken("error: x")}\nc.test.ts:\n${broken("error: y")}\n 1 pass\n`;
    expect(complaintOf("b.test.ts", output)).toBe("error: x");
    expect(complaintOf("c.test.ts", output)).toBe("error: y");
    expect(complaintOf("a.test.ts", output)).toBeUndefined();
  });

  test("finds it under the heading of another file", () => {
    const output = `\na.test.ts:\n${broken("error: x\n  at /b.test.ts:1:1")}${broken("error: y\n  at /a.test.ts:1:1")}`;
    expect(complaintOf("b.test.ts", output)).toStartWith("error: x");
    expect(complaintOf("a.test.ts", output)).toStartWith("error: y");
  });
});

describe("describeReport", () => {
  test("ends with what failed, why, and the count", () => {
    const failed = [{ name: "a.test.ts › breaks", reason: "Error: 1\n  at a.test.ts:1:1" }];
    expect(describeReport({ passed: 2, failed, skipped: ["b.test.ts › later"] }).split("\n")).toEqual([
      "",
      "skipped: b.test.ts › later",
      "failed: a.test.ts › breaks",
      "    Error: 1",
      "      at a.test.ts:1:1",
      "2 passed, 1 failed, 1 skipped",
    ]);
  });

  test("says that no test ran", () => {
    expect(describeReport({ passed: 0, failed: [], skipped: [] })).toBe("\nNo test ran.\n0 passed, 0 failed");
  });
});
