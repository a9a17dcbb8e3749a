// Holes in the one-time tickets of event streams.
import type { Hole } from "./hole.ts";

const TICKETS = "shared/src/live/tickets.ts";
const TESTS = "shared/src/live/tickets.integration.test.ts";

export const TICKET_HOLES: Record<string, Hole> = {
  "ticket-used-again": {
    what: "a ticket opens one stream on each replica",
    patches: [{ file: TICKETS, right: "if (isFirst === null) throw refused();", wrong: "void isFirst;" }],
    red: { file: TESTS, test: "one gets the stream, and without Redis one on each" },
  },
  "ticket-of-any-stream": {
    what: "a ticket opens the stream of any order",
    patches: [{ file: TICKETS, right: "audience: path, ", wrong: "" }],
    red: { file: TESTS, test: "malformed or changed is refused alike" },
  },
};
