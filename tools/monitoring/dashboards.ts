// The dashboards: one page for each service and one for the business. `bun run docs` writes them.
import { services } from "../services.ts";
import { dashboardOf, type Panel, type Row } from "./panels.ts";

const p = (quantile: number, name: string, where: string, by = "") =>
  `histogram_quantile(${quantile}, sum by (le${by && `, ${by}`}) (rate(${name}_bucket${where}[5m])))`;
const rate = (name: string, where: string, by = "") =>
  `sum${by && ` by (${by})`} (rate(${name}${where}[5m]))`;
const panel = (title: string, unit: Panel["unit"], ...queries: Panel["queries"]): Panel => ({
  ...{ title, unit, queries },
});

/** `more` are the rows that this service alone has. */
function serviceRows(service: string, more: Row[]): Row[] {
  const of = (...more: string[]) => `{${[`service="${service}"`, ...more].join(",")}}`;
  const max = (name: string, by = "instance") => `max by (${by}) (${name}${of()})`;
  const requests = "http_request_duration_seconds";
  const [mongo, redis] = ["mongodb_command_duration_seconds", "redis_command_duration_seconds"];
  const calls = "downstream_call_duration_seconds";
  return [
    {
      title: "Requests: rate, errors, duration",
      panels: [
        panel("Requests by status", "reqps", [rate(`${requests}_count`, of(), "status"), "{{status}}"]),
        panel("Busiest routes", "reqps", [
          `topk(8, ${rate(`${requests}_count`, of(), "method, route")})`,
          "{{method}} {{route}}",
        ]),
        panel("Share of 5xx by route", "percentunit", [
          `topk(8, ${rate(`${requests}_count`, of('status=~"5.."'), "route")} / on (route) ${rate(`${requests}_count`, of(), "route")})`,
          "{{route}}",
        ]),
        panel(
          "Duration",
          "s",
          [p(0.5, requests, of()), "median"],
          [p(0.95, requests, of()), "95 %"],
          [p(0.99, requests, of()), "99 %"],
        ),
        panel("Slowest routes, 99 %", "s", [`topk(8, ${p(0.99, requests, of(), "route")})`, "{{route}}"]),
        panel("Problems by code", "reqps", [
          `topk(10, ${rate("http_problems_total", of(), "code")})`,
          "{{code}}",
        ]),
      ],
    },
    {
      title: "Saturation",
      panels: [
        panel("Requests in flight", "short", [max("http_requests_in_flight"), "{{instance}}"]),
        panel("Event loop, 99 % of its lag", "s", [max("nodejs_eventloop_lag_p99_seconds"), "{{instance}}"]),
        panel("CPU", "cores", [`rate(process_cpu_seconds_total${of()}[5m])`, "{{instance}}"]),
        panel("Memory", "bytes", [max("process_resident_memory_bytes"), "{{instance}}"]),
        panel("Event streams", "short", [max("event_streams_open"), "{{instance}}"]),
        panel("Refused by the limit of an account or address", "reqps", [
          rate("request_limit_refusals_total", of(), "limit"),
          "{{limit}}",
        ]),
      ],
    },
    {
      title: "Databases",
      panels: [
        panel("Dependencies that answer", "short", [
          `min by (dependency) (dependency_up${of()})`,
          "{{dependency}}",
        ]),
        panel("MongoDB commands", "ops", [
          rate(`${mongo}_count`, of(), "command, outcome"),
          "{{command}} {{outcome}}",
        ]),
        panel("MongoDB, 99 % by command", "s", [p(0.99, mongo, of(), "command"), "{{command}}"]),
        panel(
          "MongoDB connections of a process",
          "short",
          [`max by (state) (mongodb_pool_connections${of()})`, "{{state}}"],
          [max("mongodb_pool_waiting", "service"), "callers waiting"],
          [max("mongodb_pool_connections_max", "service"), "most"],
        ),
        panel("Connections not given", "ops", [
          rate("mongodb_pool_checkout_failures_total", of(), "reason"),
          "{{reason}}",
        ]),
        panel("Redis commands", "ops", [
          rate(`${redis}_count`, of(), "command, outcome"),
          "{{command}} {{outcome}}",
        ]),
        panel("Redis, 99 % by command", "s", [p(0.99, redis, of(), "command"), "{{command}}"]),
        panel(
          "Outboxes",
          "short",
          [`max by (outbox) (outbox_pending${of()})`, "{{outbox}}: documents"],
          [`max by (outbox) (outbox_oldest_age_seconds${of()})`, "{{outbox}}: seconds"],
        ),
      ],
    },
    {
      title: "Other services",
      panels: [
        panel("Calls by outcome", "ops", [
          rate(`${calls}_count`, of(), "target, outcome"),
          "{{target}} {{outcome}}",
        ]),
        panel("Calls, 99 %", "s", [p(0.99, calls, of(), "target"), "{{target}}"]),
        panel("Circuits open", "short", [`max by (target) (downstream_circuit_open${of()})`, "{{target}}"]),
      ],
    },
    {
      title: "Sign-ins",
      panels: [
        panel("Sign-ins by outcome", "ops", [rate("sign_ins_total", of(), "outcome"), "{{outcome}}"]),
        panel(
          "Passwords",
          "short",
          [`max by (state) (password_queue${of()})`, "{{state}}"],
          [rate("password_queue_refused_total", of()), "refused a second"],
        ),
        panel("Time to hash a password", "s", [
          `${rate("password_hashing_seconds_total", of())} / ${rate("password_hashes_total", of())}`,
          "mean",
        ]),
      ],
    },
    ...more,
  ];
}

/** Locks, for the services that take some. */
const locksOf = (service: string): Row => ({
  title: "Locks",
  panels: [
    panel("Tries by outcome", "ops", [
      rate("lock_tries_total", `{service="${service}"}`, "lock, outcome"),
      "{{lock}} {{outcome}}",
    ]),
    panel(
      "Waited and held, 99 %",
      "s",
      [p(0.99, "lock_wait_seconds", `{service="${service}"}`, "lock"), "{{lock}} waited"],
      [p(0.99, "lock_held_seconds", `{service="${service}"}`, "lock"), "{{lock}} held"],
    ),
    panel("Expired before the work ended", "ops", [
      rate("lock_lost_total", `{service="${service}"}`, "lock"),
      "{{lock}}",
    ]),
  ],
});

const OWN_ROWS: Record<string, Row[]> = {
  restaurant: [
    {
      title: "Cache",
      panels: [
        panel(
          "Reads",
          "ops",
          [rate("cache_hits_total", ""), "hits"],
          [rate("cache_misses_total", ""), "misses"],
          [rate("cache_loads_total", ""), "loads from MongoDB"],
          [rate("cache_evictions_total", ""), "evictions"],
        ),
        panel(
          "Hits among reads",
          "percentunit",
          [
            `${rate("cache_hits_total", "")} / (${rate("cache_hits_total", "")} + ${rate("cache_misses_total", "")})`,
            "5 minutes",
          ],
          ["avg(cache_hit_ratio)", "since the start"],
        ),
        panel("Mean age of what is served", "s", [
          `${rate("cache_served_age_seconds_total", "")} / ${rate("cache_hits_total", "")}`,
          "age",
        ]),
      ],
    },
  ],
  order: [
    locksOf("order"),
    {
      title: "Dispatch and webhooks",
      panels: [
        panel("Rounds, 99 %", "s", [p(0.99, "dispatch_round_duration_seconds", ""), "99 %"]),
        panel("Assignments", "ops", [rate("dispatch_assignments_total", "", "outcome"), "{{outcome}}"]),
        panel("Webhooks by outcome", "ops", [rate("webhook_attempts_total", "", "outcome"), "{{outcome}}"]),
        panel("Oldest webhook message due", "s", ["max(webhook_oldest_due_age_seconds)", "age"]),
      ],
    },
  ],
  delivery: [locksOf("delivery")],
};

const moved = (to: string, by: string) => `sum by (${by}) (increase(order_moves_total{to="${to}"}[1h]))`;
const ends = (name: string): Panel["queries"] => [
  [p(0.5, name, ""), "median"],
  [p(0.9, name, ""), "90 %"],
];

const BUSINESS: Row[] = [
  {
    title: "Orders",
    panels: [
      panel("Open orders", "short", ["max by (status) (orders_open)", "{{status}}"]),
      panel("Orders placed in an hour", "short", [moved("pending", "by"), "placed"]),
      panel("Moves in an hour", "short", ["sum by (to) (increase(order_moves_total[1h]))", "{{to}}"]),
      panel("Waiting for a courier, by age", "short", ["max by (age) (orders_awaiting_courier)", "{{age}}"]),
      panel("Rejected, by reason", "short", [moved("rejected", "reason"), "{{reason}}"]),
      panel("Cancelled, by whom and why", "short", [moved("cancelled", "by, reason"), "{{by}} {{reason}}"]),
      panel("Not delivered, by reason", "short", [moved("delivery_failed", "reason"), "{{reason}}"]),
    ],
  },
  {
    title: "Times",
    panels: [
      panel("From placing to acceptance", "s", ...ends("order_time_to_accept_seconds")),
      panel("From placing to a courier", "s", ...ends("order_time_to_assign_seconds")),
      panel("Ready food waits", "s", ...ends("order_ready_to_pickup_seconds")),
      panel("From click to door", "s", ...ends("order_click_to_door_seconds")),
    ],
  },
  {
    title: "Couriers",
    panels: [
      panel("Idle couriers by region", "short", ["max by (region) (dispatch_idle_couriers)", "{{region}}"]),
      panel("Orders of a trip", "short", [
        `${rate("dispatch_trip_orders_sum", "")} / ${rate("dispatch_trip_orders_count", "")}`,
        "mean",
      ]),
      panel("Customers and restaurants refused by problems", "reqps", [
        `topk(10, ${rate("http_problems_total", '{service="order"}', "code")})`,
        "{{code}}",
      ]),
    ],
  },
];

/** By the name of their file. */
export const dashboards = (): Record<string, object> => ({
  ...Object.fromEntries(
    services.map(({ name }) => [
      name,
      dashboardOf(`food-${name}`, `Food delivery: ${name} service`, serviceRows(name, OWN_ROWS[name] ?? [])),
    ]),
  ),
  business: dashboardOf("food-business", "Food delivery: business", BUSINESS),
});
