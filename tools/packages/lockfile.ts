// The packages that bun.lock pins, with what their own files say of their license.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");

export interface LockedPackage {
  name: string;
  version: string;
  /** `sha512-` and base64. */
  integrity: string;
}

interface Lockfile {
  packages: Record<string, [id: string, ...rest: unknown[]]>;
}

/** All of all platforms, sorted, without this repository's own. */
export function lockedPackages(text = readFileSync(join(ROOT, "bun.lock"), "utf8")): LockedPackage[] {
  const { packages } = Bun.JSONC.parse(text) as Lockfile;
  const locked = new Map<string, LockedPackage>();
  for (const [id, ...rest] of Object.values(packages)) {
    const at = id.lastIndexOf("@");
    const version = id.slice(at + 1);
    if (version.startsWith("workspace:")) continue;
    const integrity = rest.find((part) => typeof part === "string" && /^sha\d+-/.test(part));
    locked.set(id, { name: id.slice(0, at), version, integrity: String(integrity ?? "") });
  }
  return [...locked.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** Packages for another operating system or processor are locked but not installed. Their license is that of the package that
 * names them, which is installed. */
const PLATFORM = /-(aix|android|darwin|freebsd|linux|netbsd|openbsd|sunos|win32)-/;

interface Manifest {
  license?: string | { type: string };
  licenses?: { type: string }[];
}

/** The SPDX expression in the package's own package.json; undefined when it is not installed here. */
export function licenseOf({ name, version }: LockedPackage): string | undefined {
  const scanned = new Bun.Glob(`${name.replaceAll("/", "+")}@${version}*/node_modules/${name}/package.json`);
  const [path] = scanned.scanSync({ cwd: join(ROOT, "node_modules/.bun"), followSymlinks: true });
  if (path === undefined) return undefined;
  const manifest = JSON.parse(readFileSync(join(ROOT, "node_modules/.bun", path), "utf8")) as Manifest;
  const { license = manifest.licenses } = manifest;
  if (Array.isArray(license)) return license.map(({ type }) => type).join(" OR ");
  return typeof license === "object" ? license.type : license;
}

export const isForAnotherPlatform = ({ name }: LockedPackage): boolean => PLATFORM.test(name);
