// The launcher with small fake services, for its tests.

import { join } from "node:path";
import { services } from "../../services.ts";
import { launch } from "../launch.ts";

const entry = join(import.meta.dir, "service.ts");
await launch(
  services.map((service) => ({ ...service, entry })),
  join(import.meta.dir, "seed.ts"),
);
