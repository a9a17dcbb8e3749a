// Lays out the files of a service's image in a folder and starts a process that sees nothing else: the files that
// distroless/base-nossl has, read-only, as user 65532 and as process 1.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

const isRoot = process.getuid?.() === 0;
/** Other users become root in a user namespace, where mounts are allowed. */
const NAMESPACES = [
  ...["unshare", "--mount", "--pid", "--fork", "--kill-child"],
  ...(isRoot ? [] : ["--user", "--map-root-user"]),
];
/** A user namespace has one user: another namespace inside maps it to 65532. */
const ENTER = isRoot
  ? "chroot --userspec=65532:65532"
  : "unshare --user --map-user=65532 --map-group=65532 --root";
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** The reason why such a process cannot start here; undefined when it can. */
export function whyNoEmptyRoot(): string | undefined {
  if (process.platform !== "linux") return "not on Linux";
  const tried = Bun.spawnSync([...NAMESPACES, "mount", "-t", "proc", "proc", "/proc"]);
  return tried.exitCode === 0 ? undefined : "no namespaces";
}

/** The shared libraries of a program, and its loader. */
export function librariesOf(program: string): string[] {
  const { stdout } = Bun.spawnSync(["ldd", program]);
  return [...stdout.toString().matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}

export function layOut(root: string, program: string): void {
  rmSync(root, { recursive: true, force: true });
  for (const folder of ["proc", "dev", "tmp"]) mkdirSync(join(root, folder), { recursive: true });
  const files = [...librariesOf(program), ...(existsSync(CERTIFICATES) ? [CERTIFICATES] : [])];
  for (const [from, to] of [...files.map((file) => [file, file]), [program, "/service"]] as [
    string,
    string,
  ][]) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(from, join(root, to));
  }
}

export interface Contained {
  process: Bun.Subprocess<"ignore", "pipe", "pipe">;
  /** Signals the program itself, a child of the process above. */
  signal: (name: NodeJS.Signals) => void;
}

/** Starts /service in the root. The process ends with its exit code. */
export function startIn(root: string, args: string[], env: Record<string, string>): Contained {
  const script = [
    'mount --bind "$0" "$0"',
    'mount -t proc proc "$0/proc"',
    'mount --rbind /dev "$0/dev"',
    'mount -o remount,ro,bind "$0"',
    `exec ${ENTER} "$0" /service "$@"`,
  ].join(" && ");
  const started = Bun.spawn([...NAMESPACES, "sh", "-c", script, root, ...args], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  return {
    process: started,
    signal(name) {
      const children = readFileSync(`/proc/${started.pid}/task/${started.pid}/children`, "utf8");
      for (const pid of children.split(" ").filter(Boolean)) process.kill(Number(pid), name);
    },
  };
}
