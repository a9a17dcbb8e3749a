// The pages of docs/guide: their commands, run in a shell for each page, and the answers that they show.
import { join } from "node:path";

const GUIDE = join(import.meta.dir, "../../docs/guide");
const STEP = /```sh\n([\s\S]*?)```\n(?:\n```text\n([\s\S]*?)```\n)?/;

export interface Step {
  page: string;
  /** Over all pages; 0 for what begins a page. */
  number: number;
  commands: string;
  /** What the page says that the commands print. */
  shown: string;
}

export async function stepsOf(page: string): Promise<Step[]> {
  const text = await Bun.file(join(GUIDE, `${page}.md`)).text();
  return text.split(/^## /m).map((part) => {
    const number = Number(/^(\d+)\. /.exec(part)?.[1] ?? 0);
    const [, commands = "", shown = ""] = STEP.exec(part) ?? [];
    return { page, number, commands, shown };
  });
}

/** Writes what the commands print below them. */
export async function showAnswers(answers: Map<Step, string>): Promise<void> {
  for (const [{ page, commands }, answer] of answers) {
    const path = join(GUIDE, `${page}.md`);
    const text = await Bun.file(path).text();
    const at = text.indexOf(commands);
    const part = text
      .slice(at)
      .replace(
        /```\n(?:\n```text\n[\s\S]*?```\n)?/,
        () => `\`\`\`\n${answer && `\n\`\`\`text\n${answer}\`\`\`\n`}`,
      );
    await Bun.write(path, text.slice(0, at) + part);
  }
}

const WIDTH = 130;

/** JSON in as few lines as are easy to read. */
function laidOut(value: unknown, indent = ""): string {
  const flat = JSON.stringify(value, null, 1)?.replaceAll(/\n */g, " ") ?? "";
  if (flat.length + indent.length <= WIDTH || typeof value !== "object" || value === null) return flat;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  const lines = Array.isArray(value)
    ? value.map((one) => laidOut(one, inner))
    : Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${laidOut(one, inner)}`);
  return `${open}\n${lines.map((line) => inner + line).join(",\n")}\n${indent}${close}`;
}

/** What commands have printed, with JSON laid out. */
export const readable = (output: string): string =>
  output
    .replaceAll(/\}\{/g, "}\n{")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => `${line.startsWith("{") ? laidOut(JSON.parse(line)) : line}\n`)
    .join("");

/** The JSON bodies and the lines of an answer, without what differs in each run: ids, times and secrets. */
export const partsOf = (answer: string): unknown[] =>
  answer
    .replaceAll(/\b([a-z]{3})_[0-9a-z]{26}\b/g, "$1_…")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "…T…Z")
    .replaceAll(/("(?:quoteId|requestId|handoverPin|idleSeconds)": )("[^"]+"|\d+)/g, '$1"…"')
    .split(/^(?=[{\w"])/m)
    .map((part) => (part.startsWith("{") ? JSON.parse(part) : part));

/** A shell that keeps its variables from step to step. */
export function openShell(environment: Record<string, string>) {
  const child = Bun.spawn(["bash"], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
    env: { ...Bun.env, ...environment },
  });
  const chunks = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = "";
  return {
    /** Runs the commands, and returns what they print. */
    async run(commands: string): Promise<string> {
      const end = `end of step ${crypto.randomUUID()}`;
      child.stdin.write(`${commands}printf '\\n%s\\n' '${end}'\n`);
      child.stdin.flush();
      while (!text.includes(end)) {
        const { done, value } = await chunks.next();
        if (done) throw new Error(`The shell ended: ${text}`);
        text += value;
      }
      const [output = "", rest = ""] = text.split(`\n${end}\n`);
      text = rest;
      return output;
    },
    close: () => child.kill(),
  };
}
