// The numbers of security.md are those of the code.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";
import bunfig from "../bunfig.toml";

const ROOT = join(import.meta.dir, "..");
const read = (path: string) => Bun.file(join(ROOT, path)).text();
const page = (await read("docs/security.md")).replaceAll(/\s+/g, " ");
const section = (title: string) => {
  const [, text = ""] = new RegExp(`## ${title} (.*?)(?= ## |$)`).exec(page) ?? [];
  return text;
};

/** What the page says, the file that has the number, and the number there. */
const NUMBERS: [section: string, says: string, file: string, code: string][] = [
  ["Input", "64 KiB and 16 levels", "shared/src/http/body.ts", "BODY_BYTES_MAX = 64 * 1024"],
  ["Input", "64 KiB and 16 levels", "shared/src/http/body.ts", "BODY_DEPTH_MAX = 16"],
  [
    "Sign-in",
    "15 minutes by 10 wrong passwords",
    "shared/src/accounts/limits.ts",
    "max: 10, windowMs: WINDOW_MS",
  ],
  ["Sign-in", "and 100 from one address", "shared/src/accounts/limits.ts", "max: 100, windowMs: WINDOW_MS"],
  [
    "Sign-in",
    "50 for one account from all addresses",
    "shared/src/accounts/limits.ts",
    "max: 50, windowMs: WINDOW_MS",
  ],
  ["Sign-in", "valid for 180 days", "shared/src/auth/device-tokens.ts", "DEVICE_DAYS = 180"],
  ["Sign-in", "15 minutes", "shared/src/accounts/limits.ts", "WINDOW_MS = 15 * 60_000"],
  [
    "Sign-in",
    "At most 2 hashes run at once, 200 wait",
    "shared/src/accounts/passwords.ts",
    "AT_ONCE_MAX = 2",
  ],
  [
    "Sign-in",
    "At most 2 hashes run at once, 200 wait",
    "shared/src/accounts/passwords.ts",
    "WAITING_MAX = 200",
  ],
  ["Sign-in", "after 2 seconds' worth at once", "shared/src/accounts/limits.ts", "BURST_MS = 2_000"],
  ["Sign-in", "longer than 5 seconds", "shared/src/accounts/limits.ts", "WAIT_MAX_MS = 5_000"],
  [
    "Sign-in",
    "well known, and when it is the name or the address of its account",
    "shared/src/accounts/new-password.ts",
    'const own = [email, email.split("@")[0] ?? "", name]',
  ],
  ["Sign-in", "8 to 128 characters", "shared/src/values/fields.ts", "minLength: 8, maxLength: 128"],
  [
    "Sign-in",
    "19456 KiB and 2 passes",
    "shared/src/accounts/passwords.ts",
    "memoryCost: 19_456, timeCost: 2",
  ],
  ["Sessions", "30 days without a refresh", "shared/src/accounts/sessions.ts", "30 * 24 * 3_600_000"],
  ["Sessions", "| 20; signing in once more", "shared/src/accounts/sessions.ts", "SESSIONS_MAX = 20"],
  ["Sessions", "again after 10 seconds", "shared/src/accounts/sessions.ts", "REFRESH_GRACE_MS = 10_000"],
  [
    "Sessions",
    "a reset 1 hour",
    "shared/src/accounts/password-reset/reset-password.ts",
    "RESET_TTL_MS = 3_600_000",
  ],
  [
    "Sessions",
    "a confirmation 24 hours",
    "shared/src/accounts/sign-up/pending-sign-ups.ts",
    "24 * 3_600_000",
  ],
  ["Keys and algorithms", "after 10 minutes", "shared/src/auth/remote-keys.ts", "MAX_AGE_MS = 600_000"],
  ["Connections", "ends after 3 seconds", "shared/src/http/service-client.ts", "TIMEOUT_MS = 3_000"],
  ["Connections", "valid for 15 minutes", "shared/src/http/service-client.ts", "ttlSeconds: 900"],
  ["Connections", "64 concurrent calls", "shared/src/http/service-client.ts", "most: 64"],
  ["Data", "kept for 400 days", "shared/src/accounts/activity/store.ts", "KEPT_DAYS = 400"],
  ["Expensive work", "512 requests in flight", "shared/src/http/serve.ts", "IN_FLIGHT_MAX = 512"],
];

describe("the security reference", () => {
  test.each(NUMBERS)("%s: %s", async (title, says, file, code) => {
    expect(section(title)).toContain(says);
    const isThere = (await read(file)).includes(code);
    expect({ [`${file} has ${code}`]: isThere }).toEqual({ [`${file} has ${code}`]: true });
  });

  test("Packages: 7 days", () => {
    expect(section("Packages")).toContain("at least 7 days old");
    expect(bunfig.install.minimumReleaseAge).toBe(7 * 86_400);
  });

  test("Access: names the table of every service", () => {
    const tables = [...new Glob("services/*/src/access.ts").scanSync(ROOT)];
    expect(tables.length).toBe(4);
    for (const table of tables) expect(section("Access")).toContain(`](../${table})`);
  });

  test("Logs: names where lines go, and what they hold", async () => {
    expect(section("Logs")).toContain("JSON lines to stdout and nowhere else");
    expect(section("Logs")).toContain("status 401, 403, 422 or 429");
    expect(await read("shared/src/http/serve.ts")).toContain("...{ method, path: pathname, route },");
  });

  test("Connections: names every variable with an address outside the platform", async () => {
    const configure = await read("docs/operate/configure.md");
    const urls = [...configure.matchAll(/^\| `(\w+_URL)`/gm)].map(([, name = ""]) => name);
    const outside = urls.filter((name) => !/^(CUSTOMER|RESTAURANT|ORDER|DELIVERY|LINK_BASE)_URL$/.test(name));
    expect(outside.length).toBeGreaterThanOrEqual(3);
    for (const name of outside) expect(section("Connections")).toContain(`\`${name}\``);
  });
});

describe("the threat model in SECURITY.md", () => {
  test("names a guard and an existing test for every threat", async () => {
    const lines = (await read("SECURITY.md")).split("\n").filter((line) => /^\| (?!-|threat)/.test(line));
    expect(lines.length).toBeGreaterThanOrEqual(15);
    for (const line of lines) {
      const [, threat = "", guard = "", tests = ""] = line.split("|").map((cell) => cell.trim());
      const files = [...tests.matchAll(/\]\(([^)]+)\)/g)].map(([, file = ""]) => file);
      expect([threat, guard.length > 10, files.length > 0]).toEqual([threat, true, true]);
      for (const file of files) expect(await Bun.file(join(ROOT, file)).exists()).toBe(true);
    }
  });
});
