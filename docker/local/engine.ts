// The Docker engine of this machine: that of DOCKER_HOST, else the one on the usual socket.
import { oneLine } from "../../tools/failure.ts";

export interface Engine {
  /** Runs the client; returns what it printed. Throws with its complaint. */
  docker: (...words: string[]) => Promise<string>;
  /** Both outputs of a container, which logs to both. */
  logsOf: (container: string) => Promise<string>;
  /** Creates a container by the API: the client has no flag for a health check without a shell. */
  create: (name: string, container: object) => Promise<void>;
  /** The first number of its version. */
  major: number;
}

const CLIENTS = ["docker", "/usr/bin/docker"];
const HOST = process.env.DOCKER_HOST || "unix:///var/run/docker.sock";
/** The classic builder fails on it. */
const NEEDS_BUILDKIT = `FROM --platform=\${BUILDPLATFORM} scratch\nLABEL probe=buildkit\n`;
const ANSWERS_WITHIN_MS = 20_000;

async function run(words: string[], stdin: Blob | "ignore", timeout?: number) {
  const child = Bun.spawn(words, {
    stdin,
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, DOCKER_BUILDKIT: "1" },
    ...(timeout && { timeout, killSignal: "SIGKILL" }),
  });
  const [output, complaint, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (exitCode !== 0)
    throw new Error(complaint.trim() || `${words.join(" ")} ended with exit code ${exitCode}`);
  return { output, complaint };
}

function engineOf(client: string, version: string): Engine {
  const unix = HOST.replace("unix://", "");
  return {
    major: Number.parseInt(version, 10),
    docker: async (...words) => (await run([client, ...words], "ignore")).output.trim(),
    async logsOf(container) {
      const { output, complaint } = await run([client, "logs", container], "ignore");
      return output + complaint;
    },
    async create(name, container) {
      const response = await fetch(`http://localhost/containers/create?name=${name}`, {
        unix,
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(container),
      });
      if (response.status !== 201) throw new Error(`${name}: ${await response.text()}`);
    },
  };
}

/** An engine on this machine whose client builds with BuildKit, or the reason why there is none. */
export async function findEngine(): Promise<Engine | string> {
  if (!HOST.startsWith("unix://")) return "the Docker engine is on another machine";
  let reason = "there is no Docker client";
  for (const client of CLIENTS) {
    if (!Bun.which(client)) continue;
    try {
      const version = await run(
        [client, "version", "--format", "{{.Server.Version}}"],
        "ignore",
        ANSWERS_WITHIN_MS,
      );
      const built = await run(
        [client, "build", "--quiet", "-"],
        new Blob([NEEDS_BUILDKIT]),
        ANSWERS_WITHIN_MS,
      );
      await run([client, "image", "rm", "--force", built.output.trim()], "ignore");
      return engineOf(client, version.output);
    } catch (error) {
      reason = `no Docker engine with BuildKit: ${oneLine(error)}`;
    }
  }
  return reason;
}
