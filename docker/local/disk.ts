// A volume of limited size, in memory, which tests fill.
import type { Engine } from "./engine.ts";

/** Options of `docker volume create`, for the user of MongoDB's image. */
export const SMALL_DISK = Object.entries({
  type: "tmpfs",
  device: "tmpfs",
  o: "size=96m,mode=0700,uid=999,gid=999",
}).flatMap(([key, value]) => ["--opt", `${key}=${value}`]);

export interface Disk {
  fill: () => Promise<unknown>;
  empty: () => Promise<unknown>;
  release: () => Promise<unknown>;
}

/** Keeps the volume, which would go with the last container that has it when that restarts. `shell` is an image. */
export async function holdDisk({ docker }: Engine, volume: string, shell: string): Promise<Disk> {
  const name = `${volume}-holder`;
  const access = ["--volume", `${volume}:/disk`, "--user=999", "--network=none"];
  const waiting = ["--detach", "--interactive", "--entrypoint=/bin/sh", shell, "-c", "read line"];
  await docker("run", "--name", name, ...access, ...waiting);
  const toFiller = (script: string) => docker("exec", name, "/bin/sh", "-c", `{ ${script}; } > /disk/filler`);
  return {
    fill: () => toFiller("while printf %65536s; do :; done 2> /dev/null"),
    empty: () => toFiller(":"),
    release: () => docker("rm", "--force", name),
  };
}
