// bun start [--real]: the whole platform on this machine, with whatever databases it has, or with a mongod that it fetches.

import { services } from "../services.ts";
import { launch } from "./launch.ts";

const words = process.argv.slice(2);
const unknown = words.find((word) => word !== "--real");
if (unknown !== undefined) {
  process.stderr.write(`Unknown: ${unknown}. Known: --real (the same as DATABASES=real).\n`);
  process.exit(2);
}
if (words.length > 0) process.env.DATABASES = "real";

await launch(services);
