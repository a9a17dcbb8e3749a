// bun start: the whole platform on this machine, with whatever databases it has.

import { services } from "../services.ts";
import { launch } from "./launch.ts";

await launch(services);
