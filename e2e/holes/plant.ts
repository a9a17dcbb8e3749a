// Preloaded by a process: replaces a guard's code by the hole that the variable HOLE names. No file is changed.
import { plugin } from "bun";
import { patched, ROOT } from "./hole.ts";
import { HOLES } from "./holes.ts";

const { HOLE = "" } = process.env;
const hole = HOLES[HOLE];
if (HOLE && !hole) throw new Error(`There is no hole ${HOLE}`);
const files = new Set(hole?.patches.map(({ file }) => `${ROOT}/${file}`));
const isOne = new RegExp(`^(${[...files].map(RegExp.escape).join("|")})$`);

if (hole)
  plugin({
    name: "hole",
    setup(build) {
      // Only these files: each other one would be read by this process and not by the faster runtime.
      build.onLoad({ filter: isOne }, async ({ path }) => ({
        loader: "ts",
        contents: patched(hole, path, await Bun.file(path).text()),
      }));
    },
  });
