// An emulator as a process of its own: prints one line when it answers, ends on SIGTERM and SIGINT, and with
// --with-parent as soon as its standard input is closed, so that it never outlives the process that started it.
import { parseArgs } from "node:util";

type Options = { port: number; data: string | undefined; journalMs: number | undefined; auth: boolean };
type Emulator = { url: string; stop(): Promise<void> };

/** Runs until it is told to end; exit code 1, and one line that says why, when it cannot start. */
export async function runEmulator(
  name: string,
  start: (options: Options) => Promise<Emulator>,
): Promise<void> {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: "string", default: "0" },
        data: { type: "string" },
        "journal-ms": { type: "string" },
        auth: { type: "boolean", default: false },
        "with-parent": { type: "boolean", default: false },
      },
    });
    const journalMs = values["journal-ms"] === undefined ? undefined : Number(values["journal-ms"]);
    const { data, auth } = values;
    const { url, stop } = await start({ port: Number(values.port), data, journalMs, auth });
    const end = () => void stop().then(() => process.exit(0));
    process.once("SIGTERM", end).once("SIGINT", end);
    if (values["with-parent"]) process.stdin.on("end", end).on("close", end).resume();
    process.stdout.write(`ready ${url}\n`);
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
