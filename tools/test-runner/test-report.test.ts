import { describe, expect, test } from "bun:test";
import { countTests } from "./test-report.ts";

describe("countTests", () => {
  test("counts each outcome and names what was skipped", () => {
    const junit = `<testsuites><testsuite file="a.test.ts">
      <testcase name="works" classname="a" file="a.test.ts" />
      <testcase name="breaks" classname="a" file="a.test.ts"><failure type="AssertionError">x</failure></testcase>
      <testcase name="waits &lt;later&gt;" classname="inner &gt; outer" file="a.test.ts">
        <skipped />
      </testcase>
    </testsuite></testsuites>`;
    expect(countTests(junit)).toEqual({
      passed: 1,
      failed: ["a.test.ts › a › breaks"],
      skipped: ["a.test.ts › outer › inner › waits <later>"],
    });
  });

  test("counts nothing in an empty report", () => {
    expect(countTests("<testsuites></testsuites>")).toEqual({ passed: 0, failed: [], skipped: [] });
  });
});
