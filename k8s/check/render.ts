// The manifests, rendered by the kustomize or kubectl of this machine.
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "./objects.ts";

const FOLDER = join(import.meta.dir, "..");
const MAKE_SECRETS = join(FOLDER, "../docker/make-secrets.ts");
const PATHS = {
  kind: "overlays/kind",
  production: "overlays/production",
  "production with requests in flight": "check/requests-in-flight",
  "production with pages": "check/pages",
  "production with monitoring": "check/monitoring",
  "production with traces": "check/traces",
};
export type Overlay = keyof typeof PATHS;
export const OVERLAYS = Object.keys(PATHS) as Overlay[];

const programs = [
  ["kustomize", "build"],
  ["kubectl", "kustomize"],
];
const program = programs.find(([name = ""]) => Bun.which(name));

/** The reason why nothing can be rendered here. */
export const whyNotRendered = program ? undefined : "neither kubectl nor kustomize is installed";

function run(command: string[]): string {
  const { success, stdout, stderr } = Bun.spawnSync(command, { stdout: "pipe", stderr: "pipe" });
  if (!success) throw new Error(`${command.join(" ")}: ${stderr}`);
  return stdout.toString();
}

/** Every overlay, with new passwords and keys for `kind`. Empty without kustomize and kubectl. */
export function renderAll(): Record<Overlay, Manifest[]> {
  const rendered = Object.fromEntries(OVERLAYS.map((overlay) => [overlay, [] as Manifest[]]));
  if (!program) return rendered as Record<Overlay, Manifest[]>;
  const folder = mkdtempSync(join(tmpdir(), "kubernetes-"));
  try {
    cpSync(FOLDER, folder, { recursive: true, filter: (path) => !path.endsWith("/secrets") });
    run([process.execPath, MAKE_SECRETS, join(folder, "overlays/kind/secrets")]);
    for (const overlay of OVERLAYS)
      rendered[overlay] = Bun.YAML.parse(run([...program, join(folder, PATHS[overlay])])) as Manifest[];
    return rendered as Record<Overlay, Manifest[]>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
