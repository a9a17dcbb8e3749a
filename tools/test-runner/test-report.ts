/** Tests by their full names. */
export interface TestReport {
  passed: number;
  failed: string[];
  skipped: string[];
}

export const emptyReport = (): TestReport => ({ passed: 0, failed: [], skipped: [] });

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
  const file = Bun.file(path);
  return (await file.exists()) ? countTests(await file.text()) : emptyReport();
}

export function countTests(junit: string): TestReport {
  const report = emptyReport();
  for (const match of junit.matchAll(/<testcase\b([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)) {
    const [, tag = "", body = ""] = match;
    // Bun names the innermost suite first.
    const suites = attribute(tag, "classname").split(" > ").reverse();
    const name = [attribute(tag, "file"), ...suites, attribute(tag, "name")].filter(Boolean).join(" › ");
    if (/<skipped\b/.test(body)) report.skipped.push(name);
    else if (/<(failure|error)\b/.test(body)) report.failed.push(name);
    else report.passed += 1;
  }
  return report;
}

export function addTo(total: TestReport, { passed, failed, skipped }: TestReport): void {
  total.passed += passed;
  total.failed.push(...failed);
  total.skipped.push(...skipped);
}
