// bun emulators/redis/main.ts [--port N] [--with-parent]
import { runEmulator } from "../process.ts";
import { startRedisEmulator } from "./server.ts";

await runEmulator("redis emulator", ({ port }) => startRedisEmulator(port));
