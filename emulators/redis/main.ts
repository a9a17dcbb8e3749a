// bun emulators/redis/main.ts --port N [--with-parent]
// Prints one line when it answers. With --with-parent it ends as soon as its standard input is closed,
// so it never outlives the process that started it.

import { parseArgs } from "node:util";
import { startRedisEmulator } from "./server.ts";

const { values } = parseArgs({
  options: { port: { type: "string", default: "6379" }, "with-parent": { type: "boolean", default: false } },
});

const server = await startRedisEmulator(Number(values.port)).catch((error: Error) => {
  process.stderr.write(`The Redis emulator cannot listen on --port ${values.port}: ${error.message}\n`);
  process.exit(1);
});

async function stop() {
  await server.stop();
  process.exit(0);
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
if (values["with-parent"]) {
  process.stdin.on("end", stop);
  process.stdin.on("close", stop);
  process.stdin.resume();
}
process.stdout.write(`ready redis://127.0.0.1:${server.port}\n`);
