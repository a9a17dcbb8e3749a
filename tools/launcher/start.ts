// bun start [--real]: the whole platform on this machine, on the databases that it finds, or on a mongod that it fetches.

import { services } from "../services.ts";
import { launch } from "./launch.ts";

await launch(services);
