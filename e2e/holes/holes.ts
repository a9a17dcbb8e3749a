// All planted holes. They exist only in processes that preload plant.ts. To add one: write it into the file of its subject and
// run `bun test ./e2e/holes/holes.e2e.test.ts -t NAME`.
import { ACCESS_HOLES } from "./access-holes.ts";
import type { Hole } from "./hole.ts";
import { INPUT_HOLES } from "./input-holes.ts";
import { OPERATOR_HOLES } from "./operator-holes.ts";
import { SECOND_FACTOR_HOLES } from "./second-factor-holes.ts";
import { SESSION_HOLES } from "./session-holes.ts";
import { STAFF_HOLES } from "./staff-holes.ts";
import { TICKET_HOLES } from "./ticket-holes.ts";
import { TOKEN_HOLES } from "./token-holes.ts";
import { WEBHOOK_HOLES } from "./webhook-holes.ts";

export const HOLES: Record<string, Hole> = {
  ...ACCESS_HOLES,
  ...INPUT_HOLES,
  ...OPERATOR_HOLES,
  ...SECOND_FACTOR_HOLES,
  ...SESSION_HOLES,
  ...STAFF_HOLES,
  ...TICKET_HOLES,
  ...TOKEN_HOLES,
  ...WEBHOOK_HOLES,
};
