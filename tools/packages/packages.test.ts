// What may get into an installation: pinned, known, old enough, without scripts, under licenses that allow it.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import bunfig from "../../bunfig.toml";
import packageJson from "../../package.json";
import { isForAnotherPlatform, licenseOf, lockedPackages } from "./lockfile.ts";
import { billOfMaterials } from "./sbom.ts";

const ROOT = join(import.meta.dir, "../..");
const read = (path: string) => Bun.file(join(ROOT, path)).text();
const locked = lockedPackages();
const SECONDS_A_DAY = 86_400;

/** The lowest version without a known vulnerability, by major version where several are maintained. */
const FLOORS: [name: string, floors: string[], advisory: string][] = [
  [
    "elysia",
    ["1.4.27"],
    "CVE-2026-30837 (ReDoS in a format), CVE-2026-31865 (prototype pollution by a cookie)",
  ],
  ["fastify", ["5.3.2"], "CVE-2025-32442 (validation passed by another content type)"],
  ["nodemailer", ["7.0.7"], "CVE-2025-13033 (mail to another domain by a quoted local part)"],
  ["cookie", ["0.7.0"], "CVE-2024-47764 (cookie fields out of bounds)"],
  ["glob", ["10.5.0", "11.1.0"], "CVE-2025-64756 (commands from file names)"],
  ["brace-expansion", ["1.1.12", "2.0.2", "3.0.1", "4.0.1"], "CVE-2025-5889 (ReDoS)"],
  ["js-yaml", ["3.14.2", "4.1.1"], "CVE-2025-64718 (prototype pollution)"],
  ["tar-fs", ["2.1.4", "3.1.1"], "CVE-2025-59343 (files outside the folder)"],
  ["protobufjs", ["7.2.5"], "CVE-2023-36665 (prototype pollution)"],
];

/** The same for images of databases. */
const IMAGE_FLOORS: [name: string, floor: string, advisory: string][] = [
  ["mongo", "8.0.17", "CVE-2025-14847 (memory read without a password)"],
  ["redis", "7.4.6", "CVE-2025-49844 (use after free in Lua)"],
];
const IMAGE_FILES = [
  "docker/compose.yaml",
  "k8s/overlays/kind/mongodb.yaml",
  "k8s/overlays/kind/redis.yaml",
  ".devcontainer/compose.yaml",
  "tools/workflow/replica-set.sh",
];

/** Licenses that ask for nothing but their text and a notice. */
const LICENSES = [
  ...["MIT", "MIT-0", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0"],
  ...["Unlicense", "Unicode-3.0", "PSF-2.0"],
];

/** Not in any image: only their own files, when changed, must be published under their license. */
const FOR_DEVELOPMENT_ALONE: Record<string, string> = { "axe-core": "MPL-2.0", argparse: "Python-2.0" };

const isBelow = (version: string, floors: string[]) => {
  const major = (text: string) => text.split(".")[0];
  const floor = floors.find((one) => major(one) === major(version)) ?? floors.at(-1) ?? "0.0.0";
  return Bun.semver.order(version, floor) < 0;
};

describe("an installation", () => {
  test("has every package pinned with its hash, from the registry alone", () => {
    expect(locked.length).toBeGreaterThan(100);
    for (const { name, version, integrity } of locked)
      expect([name, version, integrity]).toEqual([
        name,
        expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/),
        expect.stringMatching(/^sha512-[A-Za-z0-9+/]{86}==$/),
      ]);
  });

  test("changes no lockfile in the workflow, the image and the commands of the README", async () => {
    for (const path of [".github/workflows/ci.yml", "docker/Dockerfile", "package.json"])
      for (const [line] of (await read(path)).matchAll(/^.*bun(@[\d.]+)? install.*$/gm))
        expect([path, line]).toEqual([path, expect.stringContaining("--frozen-lockfile")]);
  });

  test("runs no script of a package", () => {
    expect(packageJson.trustedDependencies).toEqual([]);
  });

  test("takes only versions that have been public for a week", () => {
    expect(bunfig.install.exact).toBe(true);
    expect(bunfig.install.minimumReleaseAge).toBeGreaterThanOrEqual(7 * SECONDS_A_DAY);
  });
});

describe("a package with an advisory", () => {
  test.each(FLOORS)("%s is at least %p: %s", (name, floors) => {
    const versions = locked.filter((one) => one.name === name).map(({ version }) => version);
    expect(versions.filter((version) => isBelow(version, floors))).toEqual([]);
  });

  test("is found below its floor, in each major version", () => {
    expect(isBelow("1.4.26", ["1.4.27"])).toBe(true);
    expect(isBelow("2.0.1", ["1.1.12", "2.0.2"])).toBe(true);
    expect(isBelow("1.1.12", ["1.1.12", "2.0.2"])).toBe(false);
    expect(isBelow("5.0.0", ["1.1.12", "2.0.2"])).toBe(false);
  });

  test.each(IMAGE_FLOORS)("the image %s is at least %s: %s", async (name, floor) => {
    const texts = await Promise.all(IMAGE_FILES.map(read));
    const pattern = new RegExp(`(?:image[:=] ?"?)${name}:(\\S+?)"?$`, "gm");
    const versions = texts.flatMap((text) => [...text.matchAll(pattern)].map(([, version = ""]) => version));
    expect(versions.length).toBeGreaterThan(1);
    for (const version of versions) expect(isBelow(version, [floor])).toBe(false);
  });
});

describe("licenses", () => {
  test("are on the list of those that may be used", () => {
    const other = locked.flatMap((one) => {
      const license = licenseOf(one);
      const parts = license?.replace(/[()]/g, "").split(/ (?:OR|AND) /) ?? [];
      const isChoice = license?.includes(" OR ") && !license.includes(" AND ");
      if (license === undefined && isForAnotherPlatform(one)) return [];
      const isAllowed = (part: string) => LICENSES.includes(part) || part === FOR_DEVELOPMENT_ALONE[one.name];
      return parts.length > 0 && (isChoice ? parts.some(isAllowed) : parts.every(isAllowed))
        ? []
        : [`${one.name}@${one.version}: ${license}`];
    });
    expect(other).toEqual([]);
  });
});

describe("bun run sbom", () => {
  const bill = billOfMaterials();

  test("lists each locked package once, with version, hash and where it comes from", () => {
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
    expect(bill.components.map(({ name, version }) => `${name}@${version}`)).toEqual(
      locked.map(({ name, version }) => `${name}@${version}`),
    );
    expect(new Set(bill.components.map((one) => one["bom-ref"])).size).toBe(locked.length);
    for (const { hashes, purl } of bill.components) {
      expect(hashes).toEqual([{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
      expect(purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@[\w.-]+$/);
    }
  });

  test("has the license of every installed package", () => {
    const without = locked.filter((one, i) => !bill.components[i]?.licenses && !isForAnotherPlatform(one));
    expect(without).toEqual([]);
  });

  test("is printed by the command, and by the workflow", async () => {
    expect(packageJson.scripts.sbom).toBe("bun tools/packages/sbom.ts");
    expect(await read(".github/workflows/ci.yml")).toContain("run sbom > sbom.cdx.json");
  });
});
