// Holes in what guards operators and their help.
import type { Hole } from "./hole.ts";

const HELP = "services/order/src/town/help-order.integration.test.ts";

export const OPERATOR_HOLES: Record<string, Hole> = {
  "operators-of-any-service": {
    what: "each service may sign tokens of operators",
    patches: [
      {
        file: "services/order/src/app.ts",
        right: 'roles: [role, "service"], keys',
        wrong: 'roles: [role, "service", "operator"], keys',
      },
    ],
    red: {
      file: "services/order/src/operators/operators.integration.test.ts",
      test: "a token of an operator is signed by the order service alone",
    },
  },
  "operator-ids-to-parties": {
    what: "the timeline tells an order's parties which operator helped",
    patches: [
      {
        file: "services/order/src/tracking/timeline.ts",
        right: 'actor: actor.role === "operator" ? { role: actor.role } : actor',
        wrong: "actor",
      },
    ],
    red: {
      file: HELP,
      test: "is in the operator's activity, and the parties see that an operator did it, not which one",
    },
  },
  "reassign-from-anybody": {
    what: "a reassignment takes the order from whichever courier has it by then",
    patches: [
      {
        file: "services/order/src/town/help-order.ts",
        right: "if (order.courier?.courierId !== courierId)",
        wrong: "if (!order.courier)",
      },
    ],
    red: { file: HELP, test: "reassign answers 409 when another courier has the order, or none" },
  },
};
