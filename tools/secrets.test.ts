// Looks for secrets in every version of every file.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..");
const SECRETS: Record<string, RegExp> = {
  "a private key in PEM": /BEGIN [A-Z ]*PRIVATE KEY/,
  "a private JSON Web Key": /"d": ?\\?"[\w-]{43}/,
  "a signed token": /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/,
  "an AWS key": /AKIA[0-9A-Z]{16}/,
  "a GitHub token": /gh[pousr]_[A-Za-z0-9]{36}/,
  "a Slack token": /xox[abprs]-[A-Za-z0-9-]{10}/,
  "a Stripe key": /sk_live_[0-9a-zA-Z]{20}/,
  "a Google key": /AIza[\w-]{35}/,
  "an npm token": /npm_[A-Za-z0-9]{36}/,
};
const secretsIn = (line: string) =>
  Object.entries(SECRETS).flatMap(([what, pattern]) => (pattern.test(line) ? [what] : []));

const git = (...args: string[]) => Bun.spawnSync(["git", ...args], { cwd: ROOT, maxBuffer: 2 ** 30 });
const isRepository = git("rev-parse", "--git-dir").exitCode === 0;

describe("the history", () => {
  test.skipIf(!isRepository)("holds no secret", () => {
    const { stdout, exitCode } = git("log", "-p", "--format=commit %h", "--no-color");
    expect(exitCode).toBe(0);
    let commit = "";
    const found: string[] = [];
    for (const line of stdout.toString().split("\n")) {
      if (line.startsWith("commit ")) commit = line;
      else if (/^[+-]/.test(line)) found.push(...secretsIn(line).map((what) => `${commit}: ${what}`));
    }
    expect(found).toEqual([]);
  });

  test("would show one", () => {
    const key = JSON.stringify({ kty: "OKP", d: "a".repeat(43) });
    expect(secretsIn(`+${key}`)).toEqual(["a private JSON Web Key"]);
    expect(secretsIn(`+-----${"BEGIN"} PRIVATE KEY-----`)).toEqual(["a private key in PEM"]);
  });
});
