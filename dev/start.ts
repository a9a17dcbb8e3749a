// bun start: the whole platform on this machine, with whatever databases it has.

import { launch } from "./launch.ts";
import { services } from "./services.ts";

await launch(services);
