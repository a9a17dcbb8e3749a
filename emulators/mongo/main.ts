/** `bun emulators/mongo/main.ts --port N --data FILE [--journal-ms N] [--with-parent]`: the emulator as a process of its own. */
import { parseArgs } from "node:util";
import { startMongoEmulator } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    data: { type: "string" },
    "journal-ms": { type: "string" },
    "with-parent": { type: "boolean", default: false },
  },
});

try {
  if (!values.data) throw new Error("--data FILE is missing");
  const emulator = await startMongoEmulator({
    dataFile: values.data,
    port: Number(values.port),
    ...(values["journal-ms"] && { journalMs: Number(values["journal-ms"]) }),
  });
  const exit = async (): Promise<never> => {
    await emulator.stop();
    process.exit(0);
  };
  process.once("SIGTERM", exit);
  process.once("SIGINT", exit);
  if (values["with-parent"]) process.stdin.on("end", exit).on("close", exit).resume();
  process.stdout.write(`ready ${emulator.url}\n`);
} catch (error) {
  process.stderr.write(`mongo emulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
