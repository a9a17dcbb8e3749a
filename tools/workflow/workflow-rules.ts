// What a workflow of this project must be, beyond what actionlint asks: it tests, with no right but to read, and runs
// nobody's code but that which it names by hash.

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  "runs-on"?: string;
  "timeout-minutes"?: number;
  permissions?: unknown;
  steps?: Step[];
}

interface Workflow {
  on?: { push?: { branches?: string[]; "branches-ignore"?: string[] } | null } & Record<string, unknown>;
  permissions?: unknown;
  concurrency?: { group?: string; "cancel-in-progress"?: boolean };
  jobs?: Record<string, Job>;
}

const TIMEOUT_MINUTES_MAX = 60;
const PINNED = /^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/;
const PINNED_WITH_VERSION = /uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const EVENTS = ["push", "pull_request"];
const PUBLISHES = /(docker (push|login)|--push|push=true|(npm|bun) publish|gh release|git push|helm push)/;
/** What whoever opens a pull request may choose. */
const FOREIGN_TEXT = /\$\{\{[^}]*github\.(event\.|head_ref)/;

const isReadOnly = (permissions: unknown) =>
  JSON.stringify(permissions) === JSON.stringify({ contents: "read" });

function jobFaults(name: string, job: Job): string[] {
  const faults: string[] = [];
  const expectThat = (holds: boolean, fault: string) => void (holds || faults.push(`${name}: ${fault}`));
  const minutes = job["timeout-minutes"] ?? Number.POSITIVE_INFINITY;
  expectThat(minutes <= TIMEOUT_MINUTES_MAX, "it may run for hours: set timeout-minutes");
  expectThat(isReadOnly(job.permissions), "it may do more than read: permissions are contents: read");
  expectThat(/-\d+\.\d+$/.test(job["runs-on"] ?? ""), "its machine may change: name an exact image");
  for (const { uses, run = "", with: options } of job.steps ?? []) {
    if (uses !== undefined) expectThat(PINNED.test(uses), `${uses} may change: pin it by commit hash`);
    if (uses?.startsWith("actions/checkout@"))
      expectThat(options?.["persist-credentials"] === false, "the checkout leaves its token behind");
    expectThat(!PUBLISHES.test(run), "it publishes something");
    expectThat(!FOREIGN_TEXT.test(run), "a command holds text of whoever opened the pull request");
  }
  return faults;
}

/** What breaks the rules in this workflow, each as one line. */
export function workflowFaults(text: string): string[] {
  const { on = {}, permissions, concurrency, jobs = {} } = Bun.YAML.parse(text) as Workflow;
  const faults: string[] = [];
  const expectThat = (holds: boolean, fault: string) => void (holds || faults.push(fault));
  for (const event of Object.keys(on)) expectThat(EVENTS.includes(event), `it runs on ${event}`);
  const { branches, "branches-ignore": ignored = [] } = on.push ?? {};
  expectThat(branches === undefined && ignored.includes("main"), "it runs on main");
  expectThat(JSON.stringify(permissions) === "{}", "it has permissions that no job asked for");
  expectThat(
    Boolean(concurrency?.group?.includes("github.ref") && concurrency["cancel-in-progress"]),
    "an old run goes on beside a new one",
  );
  expectThat(!/\bsecrets\b/.test(text), "it knows a secret");
  for (const line of text.split("\n").filter((one) => /^\s*(- )?uses:/.test(one)))
    expectThat(PINNED_WITH_VERSION.test(line), `no exact version beside the hash: ${line.trim()}`);
  for (const [name, job] of Object.entries(jobs)) faults.push(...jobFaults(name, job));
  return faults;
}
