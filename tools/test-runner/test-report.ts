export type TestReport = { passed: number; failed: number; skipped: string[] };

const entities: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

function attribute(tag: string, name: string): string {
  const value = tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? "";
  return value.replace(/&(lt|gt|quot|apos|amp);/g, (entity) => entities[entity] ?? entity);
}

/** Counts the tests of a junit file; a file that is not there counts none. */
export async function readReport(path: string): Promise<TestReport> {
  const report: TestReport = { passed: 0, failed: 0, skipped: [] };
  const file = Bun.file(path);
  if (!(await file.exists())) return report;
  return countTests(await file.text());
}

export function countTests(junit: string): TestReport {
  const report: TestReport = { passed: 0, failed: 0, skipped: [] };
  for (const match of junit.matchAll(/<testcase\b([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)) {
    const [, tag = "", body = ""] = match;
    if (/<skipped\b/.test(body)) {
      // Bun names the innermost suite first.
      const suites = attribute(tag, "classname").split(" > ").reverse();
      report.skipped.push([attribute(tag, "file"), ...suites, attribute(tag, "name")].join(" › "));
    } else if (/<(failure|error)\b/.test(body)) report.failed += 1;
    else report.passed += 1;
  }
  return report;
}
