// bun emulators/mongo/main.ts --data FILE [--port N] [--journal-ms N] [--auth] [--with-parent]
import { runEmulator } from "../process.ts";
import { startMongoEmulator } from "./server.ts";

await runEmulator("mongo emulator", ({ port, data, journalMs, auth }) => {
  if (!data) throw new Error("--data FILE is missing");
  return startMongoEmulator({ dataFile: data, port, journalMs, auth });
});
