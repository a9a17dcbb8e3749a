// A planted hole: takes away one guard, and names the test that must then fail.
import { resolve } from "node:path";
import type { ServiceName } from "../platform.ts";
import { type Patch, requireOnce } from "../source-patch.ts";

/** A test by the end of its full name. It must need no binaries. */
export interface RedTest {
  file: string;
  test: string;
}

/** A cell of the authorization matrix (e2e/access). The service runs from its sources. */
export interface RedCell {
  service: ServiceName;
  route: string;
  who: string;
}

/** The service does not start: it prints this line and exits with 1. */
export interface RedStart {
  service: ServiceName;
  line: string;
}

export interface Hole {
  what: string;
  patches: Patch[];
  red: RedTest | RedCell | RedStart;
}

export const ROOT = resolve(import.meta.dir, "../..");

/** The source with the hole. Throws when a patch no longer fits. */
export function patched({ patches }: Hole, path: string, source: string): string {
  let text = source;
  for (const patch of patches.filter(({ file }) => path === `${ROOT}/${file}`)) {
    requireOnce(text, patch);
    text = text.replace(patch.right, () => patch.wrong);
  }
  return text;
}
