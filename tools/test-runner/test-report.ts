/** A test that failed, or a file or command that broke. */
export interface Failure {
  /** The full name of the test. */
  name: string;
  /** The first lines of its message. */
  reason: string;
}

export interface TestReport {
  passed: number;
  failed: Failure[];
  /** Tests by their full names. */
  skipped: string[];
}

export const emptyReport = (): TestReport => ({ passed: 0, failed: [], skipped: [] });

const REASON_LINES_MAX = 12;

/** The first lines of a message, and after them the place in the code. */
export function reasonOf(message: string): string {
  const lines = message.split("\n").map((line) => line.trimEnd());
  const said = lines.filter((line, i) => line || lines[i - 1]);
  const place = said.findIndex((line) => /^\s+at /.test(line));
  const kept = said.slice(0, REASON_LINES_MAX);
  if (place >= kept.length) kept.push(said[place] ?? "");
  return kept.join("\n").trim();
}

const entities: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
  "&#10;": "\n",
};

const unescaped = (text: string) =>
  text.replace(/&(lt|gt|quot|apos|amp|#10);/g, (entity) => entities[entity] ?? entity);

const attribute = (tag: string, name: string) =>
  unescaped(tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1] ?? "");

/** Counts the tests of a junit file, and the seconds of each test file; a file that is not there counts none. */
export async function readReport(path: string): Promise<TestReport & { files: Map<string, number> }> {
  const file = Bun.file(path);
  const junit = (await file.exists()) ? await file.text() : "";
  return { ...countTests(junit), files: secondsOf(junit) };
}

/** The suite of a file holds those in it, and comes before them. */
export function secondsOf(junit: string): Map<string, number> {
  const files = new Map<string, number>();
  for (const [tag] of junit.matchAll(/<testsuite\b[^>]*>/g)) {
    const file = attribute(tag, "file");
    if (!files.has(file)) files.set(file, Number(attribute(tag, "time")));
  }
  return files;
}

const SLOWEST = 12;

/** Where the time of a part went. */
export function describeTimes(files: Map<string, number>, seconds: number, cpuSeconds: number): string {
  const slowest = [...files].sort(([, one], [, other]) => other - one).slice(0, SLOWEST);
  return [
    `took ${seconds.toFixed(0)} s, and ${(cpuSeconds / seconds).toFixed(1)} cores; the slowest files:`,
    ...slowest.map(([file, took]) => `${took.toFixed(0).padStart(6)} s  ${file}`),
  ].join("\n");
}

export function countTests(junit: string): TestReport {
  const report = emptyReport();
  for (const match of junit.matchAll(/<testcase\b([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)) {
    const [, tag = "", body = ""] = match;
    // Bun names the innermost suite first.
    const suites = attribute(tag, "classname").split(" > ").reverse();
    const name = [attribute(tag, "file"), ...suites, attribute(tag, "name")].filter(Boolean).join(" › ");
    const [failure, message] = body.match(/<(?:failure|error)\b[^>]*?(?:\/>|>(.*?)<\/)/s) ?? [];
    if (failure !== undefined)
      report.failed.push({
        name,
        reason: reasonOf(message ? unescaped(message) : attribute(failure, "message")),
      });
    else if (/<skipped\b/.test(body)) report.skipped.push(name);
    else report.passed += 1;
  }
  return report;
}

/**
 * What `bun test` wrote about a file that broke before its tests. The headings of files that run at the same time may stand
 * at the wrong place, so an error that names the file comes first.
 */
export function complaintOf(file: string, output: string): string | undefined {
  const pieces = output.split(/# Unhandled error between tests\n-+\n/);
  const blocks = pieces.slice(1).map((piece, i) => ({
    text: piece.split(/\n-{10,}\n/)[0] ?? "",
    isUnderHeading: pieces[i]?.endsWith(`\n${file}:\n\n`),
  }));
  const block =
    blocks.find(({ text }) => text.includes(`/${file}`)) ??
    blocks.find(({ isUnderHeading }) => isUnderHeading) ??
    (blocks.length === 1 ? blocks[0] : undefined);
  return block && reasonOf(block.text);
}

export function addTo(total: TestReport, { passed, failed, skipped }: TestReport): void {
  total.passed += passed;
  total.failed.push(...failed);
  total.skipped.push(...skipped);
}

/** What stands at the end of a run: what was skipped, what failed and why, and the count as last line. */
export function describeReport({ passed, failed, skipped }: TestReport): string {
  const skips = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  return [
    "",
    ...skipped.map((name) => `skipped: ${name}`),
    ...failed.flatMap(({ name, reason }) => [
      `failed: ${name}`,
      ...reason.split("\n").map((line) => `    ${line}`),
    ]),
    ...(passed + failed.length === 0 ? ["No test ran."] : []),
    `${passed} passed, ${failed.length} failed${skips}`,
  ].join("\n");
}
