// A change of a source that is planted for a test and never written to the file.

export interface Patch {
  file: string;
  /** Text that occurs exactly once in the file. */
  right: string;
  wrong: string;
}

/** Throws when `right` does not occur exactly once: then the code has changed and the patch must change, too. */
export function requireOnce(source: string, { file, right }: Patch, what = ""): void {
  if (source.split(right).length !== 2) throw new Error(`${file} must contain exactly once${what}: ${right}`);
}
