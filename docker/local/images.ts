// bun docker/local/images.ts [--pull] [--remove]: where no registry answers, makes SUBSTITUTES for the base images and databases
// that the Dockerfile and compose.yaml name, from the programs of this machine, under these names. They are for looking
// at the platform in containers, never for a release; --remove removes them again. --pull fetches the real images.
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { exitWith, orExit, readFlags } from "../../tools/command-line.ts";
import { librariesOf } from "../empty-root.ts";
import { type Engine, findEngine } from "./engine.ts";

const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";
const LABEL = "food-delivery.substitute";

interface Substitute {
  /** The users besides root. */
  users?: Record<string, number>;
  /** Names inside, and the files of this machine. */
  files: Record<string, string>;
  /** Folders for everyone to write in. */
  writable?: string[];
  env?: Record<string, string>;
  command?: string[];
}

function programs(...names: string[]): Record<string, string> {
  const found = names.map((name) => [name, Bun.which(name)] as const);
  const [missing] = found.find(([, path]) => !path) ?? [];
  if (missing) throw new Error(`There is no ${missing} on this machine: install it, or pull the image`);
  return Object.fromEntries(
    found.map(([name, path]) => [name === "sh" ? "/bin/sh" : `/usr/bin/${name}`, path ?? ""]),
  );
}

const certificates = (): Record<string, string> => {
  const file = process.env.SSL_CERT_FILE || CERTIFICATES;
  return existsSync(file) ? { [CERTIFICATES]: file } : {};
};
const bun = { "/usr/bin/bun": process.execPath };

/** `mongod` and `mongosh` as one file each, without this machine's packages. */
async function mongodbIn(folder: string): Promise<Record<string, string>> {
  const built = await Bun.build({ entrypoints: [join(import.meta.dir, "mongodb.ts")], target: "bun" });
  const [output] = built.outputs;
  if (!output) throw new Error("mongodb.ts was not built");
  const path = join(folder, "mongod");
  writeFileSync(path, await output.text(), { mode: 0o755 });
  return { "/usr/bin/mongod": path, "/usr/bin/mongosh": path };
}

/** By what the names of the real images begin with. */
const SUBSTITUTES: Record<string, (folder: string) => Promise<Substitute>> = {
  "oven/bun:": async () => ({
    files: { ...bun, ...programs("sh"), ...certificates() },
    env: { SSL_CERT_FILE: CERTIFICATES, NODE_EXTRA_CA_CERTS: CERTIFICATES },
  }),
  "gcr.io/distroless/base-": async () => ({ users: { nonroot: 65_532 }, files: certificates() }),
  "redis:": async () => ({
    users: { redis: 999 },
    files: programs("redis-server", "redis-cli", "sh", "grep"),
    writable: ["data"],
    // As the real image, which is meant for networks of containers.
    command: ["redis-server", "--protected-mode", "no"],
  }),
  "mongo:": async (folder) => ({
    users: { mongodb: 999 },
    files: { ...bun, ...(await mongodbIn(folder)) },
    writable: ["data/db", "data/configdb"],
  }),
};

/** Copies the files with the libraries of each. An image without a program has those of Bun, which are libc's. */
function layOut(root: string, { users = {}, files, writable = [] }: Substitute): void {
  const sources = Object.values(files);
  const libraries = [process.execPath, ...sources].flatMap(librariesOf);
  const copies = [...Object.entries(files), ...libraries.map((path) => [path, path] as const)];
  for (const [to, from] of copies) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(from, join(root, to));
  }
  for (const folder of ["root", "tmp", "etc"]) mkdirSync(join(root, folder), { recursive: true });
  const lines = Object.entries({ root: 0, ...users }).map(([name, id]) => `${name}:x:${id}:${id}::/:/none\n`);
  writeFileSync(join(root, "etc/passwd"), lines.join(""));
  for (const folder of [...writable, "tmp"]) {
    mkdirSync(join(root, folder), { recursive: true });
    chmodSync(join(root, folder), 0o1777);
  }
}

/** Makes the substitute of an image under another name, or the same. */
export async function makeSubstitute(engine: Engine, name: string, tag: string): Promise<void> {
  const prefix = Object.keys(SUBSTITUTES).find((start) => name.startsWith(start));
  if (!prefix) throw new Error(`There is no substitute for the image ${name}`);
  const work = mkdtempSync(join(tmpdir(), "image-"));
  try {
    const root = join(work, "root");
    const substitute = await SUBSTITUTES[prefix]?.(work);
    if (!substitute) return;
    layOut(root, substitute);
    const archive = join(work, "root.tar");
    const tar = Bun.spawn([
      "tar",
      "-C",
      root,
      "--owner=0",
      "--group=0",
      "--mtime=@0",
      "--sort=name",
      "-cf",
      archive,
      ".",
    ]);
    if ((await tar.exited) !== 0) throw new Error("tar failed");
    const settings = Object.entries(substitute.env ?? {}).map(([key, value]) => `ENV ${key}=${value}`);
    if (substitute.command) settings.push(`CMD ${JSON.stringify(substitute.command)}`);
    const changes = [...settings, `LABEL ${LABEL}=true`].flatMap((change) => ["--change", change]);
    await engine.docker("import", ...changes, archive, tag);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The images that the Dockerfile and compose.yaml name but do not build. */
export async function imagesNamed(): Promise<string[]> {
  const dockerfile = await Bun.file(join(import.meta.dir, "../Dockerfile")).text();
  const { services } = Bun.YAML.parse(await Bun.file(join(import.meta.dir, "../compose.yaml")).text()) as {
    services: Record<string, { image: string; profiles?: string[] }>;
  };
  const bases = [...dockerfile.matchAll(/^ARG \w+=(\S+:\S+)$/gm)];
  // What only a profile starts is not for looking here.
  const images = Object.values(services).flatMap(({ image, profiles }) => (profiles ? [] : [image]));
  return [...new Set([...bases.map(([, name = ""]) => name), ...images])].filter(
    (name) => !name.endsWith(":local"),
  );
}

export const isThere = (engine: Engine, name: string): Promise<boolean> =>
  engine.docker("image", "inspect", name).then(
    () => true,
    () => false,
  );

/** For each image that is named, itself if the engine has it, else a substitute, which is made as `tagOf` says. */
export async function imagesOrSubstitutes(engine: Engine, tagOf: (name: string) => string) {
  const substitutes: string[] = [];
  const used = await Promise.all(
    (await imagesNamed()).map(async (name): Promise<[string, string]> => {
      if (await isThere(engine, name)) return [name, name];
      await makeSubstitute(engine, name, tagOf(name));
      substitutes.push(name);
      return [name, tagOf(name)];
    }),
  );
  if (substitutes.length > 0)
    process.stdout.write(`SUBSTITUTES, NOT THE REAL IMAGES: ${substitutes.join(", ")}\n`);
  return Object.fromEntries(used);
}

async function main(): Promise<void> {
  const { flags } = orExit(() => readFlags(Bun.argv.slice(2), { pull: false, remove: false }));
  const engine = await findEngine();
  if (typeof engine === "string") throw new Error(engine);
  if (flags.pull) {
    for (const name of await imagesNamed()) await engine.docker("pull", name);
    return;
  }
  if (flags.remove) {
    const filter = [
      "--filter",
      `label=${LABEL}`,
      "--filter",
      "dangling=false",
      "--format",
      "{{.Repository}}:{{.Tag}}",
    ];
    const names = (await engine.docker("image", "ls", ...filter)).split("\n").filter(Boolean);
    if (names.length > 0) await engine.docker("image", "rm", ...names);
    return;
  }
  await imagesOrSubstitutes(engine, (name) => name);
}

if (import.meta.main) await main().catch(exitWith);
