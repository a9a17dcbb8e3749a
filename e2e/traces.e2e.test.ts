// One placed order over the four compiled binaries, as a collector of spans sees it.
import { expect, test } from "bun:test";
import { type CollectedSpan, type Collector, startCollector } from "@food/shared/testing/collector";
import { call, cleanUp, describeWithDatabases, eventually, metricIn } from "@food/shared/testing/service";
import {
  courierOnDuty,
  type Eater,
  expectStatus,
  type Kitchen,
  newCustomer,
  openRestaurant,
} from "./actors.ts";
import { type Platform, startPlatform } from "./platform.ts";

const PLACING = "a".repeat(32);
const LAST = "b".repeat(32);
const CLIENT_SPAN = "c".repeat(16);
const inTrace = (traceId: string) => ({ traceparent: `00-${traceId}-${CLIENT_SPAN}-01` });

/** What a span may say. None of it is about a person. */
const ATTRIBUTES = [
  ...[
    "http.request.method",
    "http.route",
    "http.response.status_code",
    "url.scheme",
    "error.type",
    "peer.service",
  ],
  ...["db.system.name", "db.operation.name", "db.collection.name"],
];

const titleOf = ({ service, name }: CollectedSpan) => `${service}: ${name}`;

/** The titles from a span up to the client's. */
function pathOf(span: CollectedSpan | undefined, spans: CollectedSpan[]): string[] {
  if (!span) return [];
  return [
    titleOf(span),
    ...pathOf(
      spans.find(({ spanId }) => spanId === span.parentId),
      spans,
    ),
  ];
}

/** What each process says about its exports. */
const exportsOf = ({ all }: Platform) =>
  Promise.all(
    all.map(async ({ name, url, log }) => {
      const { body } = await call<string>(url, "GET /metrics");
      const [exported, dropped] = ["exported", "dropped"].map((outcome) =>
        metricIn(body, "trace_spans_total", `outcome="${outcome}"`),
      );
      const lines = log()
        .split("\n")
        .filter((line) => line.includes('"msg":"Spans'));
      return [`${name}: ${exported} spans exported, ${dropped} dropped`, ...lines].join("\n");
    }),
  );

describeWithDatabases("the trace of a placed order", () => {
  const place = (customer: Eater, restaurant: Kitchen) =>
    customer.send(
      "POST /v1/orders",
      {
        ...{ restaurantId: restaurant.id, addressId: customer.addressId, note: "Third floor" },
        items: [{ dishId: restaurant.dishIds[0], quantity: 2 }],
      },
      { "idempotency-key": crypto.randomUUID(), ...inTrace(PLACING) },
    );
  const placed = ({ spans }: Collector) => spans.filter(({ traceId }) => traceId === PLACING);

  test("goes over the services, the dispatcher, the courier's assignment and a webhook", async () => {
    const collector = startCollector();
    cleanUp(collector.stop);
    const platform = await startPlatform({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    const restaurant = await openRestaurant(platform);
    const customer = await newCustomer(platform);
    const courier = await courierOnDuty(platform);
    // A name that has no address, so nothing is sent.
    const body = { url: "https://nobody.example.com/hooks" };
    expectStatus(
      await call(platform.urls.order, "POST /v1/webhooks", { token: restaurant.token, body }),
      201,
    );
    const order = expectStatus(await place(customer, restaurant), 201);

    const wanted = {
      "delivery: POST /internal/trips": [
        ...["order: POST delivery", "order: assign trips", "order: dispatch round"],
        ...["order: POST /internal/orders", "customer: POST order", "customer: POST /v1/orders"],
      ],
      "restaurant: POST /internal/quotes": [
        ...["order: POST restaurant", "order: POST /internal/orders", "customer: POST order"],
        "customer: POST /v1/orders",
      ],
      "order: POST webhook": [
        ...["order: webhook attempt", "order: outbox notify_webhooks", "order: POST /internal/orders"],
        ...["customer: POST order", "customer: POST /v1/orders"],
      ],
      "order: findAndModify orders": [
        ...["order: assign courier", "order: dispatch round", "order: POST /internal/orders"],
        ...["customer: POST order", "customer: POST /v1/orders"],
      ],
      "order: insert orders": [
        ...["order: POST /internal/orders", "customer: POST order", "customer: POST /v1/orders"],
      ],
    };
    for (const [title, path] of Object.entries(wanted))
      await eventually(async () => {
        const spans = placed(collector);
        const paths = spans.filter((span) => titleOf(span) === title).map((span) => pathOf(span, spans));
        // A round that was due anyway may take the order: then the assignment follows the placing, without the round.
        const withoutRound = path.filter((step) => step !== "order: dispatch round");
        const right = [path, withoutRound].map((steps) => [title, ...steps].join());
        return paths.some((found) => right.includes(found.join()));
      }).catch(async () => {
        throw new Error(
          [
            `No ${title} on its path among ${placed(collector).map(titleOf).sort().join(", ")}`,
            ...collector.refusals,
            ...(await exportsOf(platform)),
          ].join("\n"),
        );
      });

    const roots = () => {
      const ids = new Set(placed(collector).map(({ spanId }) => spanId));
      return placed(collector).filter(({ parentId }) => !ids.has(parentId));
    };
    // A span may arrive while the one around it has not ended.
    await eventually(async () => roots().length === 1).catch(() => undefined);
    expect(roots().map((span) => [titleOf(span), span.parentId])).toEqual([
      ["customer: POST /v1/orders", CLIENT_SPAN],
    ]);

    expectStatus(await customer.send("GET /v1/customers/me", undefined, inTrace(LAST)), 200);
    await Promise.all(platform.all.map((replica) => replica.kill("SIGTERM")));
    const last = collector.spans.filter(({ traceId }) => traceId === LAST);
    expect(last.map(titleOf)).toContain("customer: GET /v1/customers/me");

    const told = JSON.stringify(collector.spans);
    for (const actor of [restaurant, customer, courier])
      for (const secret of [actor.id, actor.email, actor.token]) expect(told).not.toContain(secret);
    for (const secret of [String(order.orderId), customer.addressId, "Third floor", "example.com"])
      expect(told).not.toContain(secret);
    for (const { attributes } of collector.spans)
      expect(Object.keys(attributes).filter((name) => !ATTRIBUTES.includes(name))).toEqual([]);
  });
});
