// Seeds the fake platform with notes in the order service. Half way it waits while the file HOLD exists.
import { existsSync } from "node:fs";

const { ORDER_URL, HOLD } = process.env;
const note = (body: string) => fetch(`${ORDER_URL}/notes`, { method: "POST", body });

await note("half");
process.stdout.write("half way\n");
while (HOLD && existsSync(HOLD)) await Bun.sleep(5);
await note(`whole ${Bun.argv[2]} ${process.pid}`);
