// HAProxy as a Service and its Ingress: it asks each replica whether it is ready, sends requests to those that are, and
// tries a read that a replica did not answer once more elsewhere.
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { freePort } from "../../tools/free-port.ts";

const PROGRAM = Bun.which("haproxy", { PATH: `${process.env.PATH}:/usr/sbin` });
export const whyNoHaproxy = PROGRAM ? undefined : "haproxy is not installed";

const configuration = (port: number, socket: string, ports: number[]) => `
global
  stats socket ${socket}
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  timeout check 3s
  retries 3
  option redispatch
  retry-on conn-failure empty-response response-timeout
frontend in
  bind 127.0.0.1:${port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /health/ready
  default-server check inter 200ms fall 2 rise 1
${ports.map((at) => `  server r${at} 127.0.0.1:${at}`).join("\n")}
`;

export interface Haproxy {
  url: string;
  /** How many replicas it sends requests to. */
  ready: () => Promise<number>;
  /** How many requests it has had to send once more. */
  retries: () => Promise<number>;
  stop: () => void;
}

/** Its statistics: a line for each server, then one for all of them. */
function readStatistics(socket: string): Promise<Record<string, string>[]> {
  return new Promise((resolve, reject) => {
    let text = "";
    const connection = connect(socket, () => connection.write("show stat\n"));
    connection
      .on("data", (chunk) => {
        text += chunk;
      })
      .on("error", reject)
      .on("end", () => {
        const [head = [], ...lines] = text
          .trim()
          .split("\n")
          .map((line) => line.replace(/^# /, "").split(","));
        resolve(lines.map((line) => Object.fromEntries(head.map((name, i) => [name, line[i] ?? ""]))));
      });
  });
}

/** A balancer in front of whatever will listen on these ports; its files go into the folder. */
export async function startHaproxy(folder: string, ports: number[]): Promise<Haproxy> {
  const port = freePort();
  const socket = join(folder, "haproxy.sock");
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, configuration(port, socket, ports));
  const child = Bun.spawn([PROGRAM ?? "", "-q", "-f", file], { stdout: "inherit", stderr: "inherit" });
  const replicas = async () =>
    (await readStatistics(socket)).filter(
      ({ pxname, svname }) => pxname === "replicas" && svname !== "BACKEND",
    );
  return {
    url: `http://127.0.0.1:${port}`,
    ready: async () => (await replicas()).filter(({ status }) => status === "UP").length,
    retries: async () =>
      (await replicas()).reduce((sum, { wretr, wredis }) => sum + Number(wretr) + Number(wredis), 0),
    stop: () => child.kill("SIGKILL"),
  };
}
