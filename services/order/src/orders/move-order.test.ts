// Random moves against a reference model. For every sequence of moves, the code and the table of the model
// agree on each result and each refusal.
import { expect, test } from "bun:test";
import type { OrderStatus } from "@food/shared/contracts/order";
import { AppError } from "@food/shared/values/errors";
import fc from "fast-check";
import { declineOrder } from "../trips/courier-reports.ts";
import { changeOrder } from "./change-order.ts";
import { type MoveDeps, moveOrder } from "./move-order.ts";
import { anOrder, TERMS } from "./order.builder.ts";
import type { Actor, Change, OrderDocument } from "./order.ts";
import type { ActorRole } from "./status.ts";

const LIVES = 1_000;
const PIN = "0417";
const PEOPLE = { customer: "cus_1", restaurant: "rst_1", courier: "crr_1" };
type Person = keyof typeof PEOPLE;

/** From where, by whom, to where. */
const TABLE: [from: string, action: string, by: Person, to: OrderStatus][] = [
  ["pending", "accept", "restaurant", "accepted"],
  ["pending", "prepare", "restaurant", "preparing"],
  ["pending", "reject", "restaurant", "rejected"],
  ["pending accepted", "cancel", "customer", "cancelled"],
  ["accepted", "prepare", "restaurant", "preparing"],
  ["accepted preparing", "ready", "restaurant", "ready"],
  ["accepted preparing ready", "cancel", "restaurant", "cancelled"],
  ["ready", "pickup", "courier", "out_for_delivery"],
  ["out_for_delivery", "deliver", "courier", "delivered"],
  ["out_for_delivery", "fail", "courier", "delivery_failed"],
];
const ACTIONS = ["accept", "reject", "prepare", "ready", "cancel", "pickup", "deliver", "fail"] as const;
const BEFORE_PICKUP = ["pending", "accepted", "preparing", "ready"];

interface Model {
  status: OrderStatus;
  version: number;
  hasCourier: boolean;
  /** Actor and content of the last move. */
  by: Person;
  content: unknown;
}

/** One order with an in-memory store. As in the real store, a change needs the version that was read. */
class Service {
  order: OrderDocument = anOrder({
    ...{ customerId: PEOPLE.customer, restaurantId: PEOPLE.restaurant, handoverPin: PIN },
  });
  told: number[] = [];

  readonly deps: MoveDeps = {
    terms: TERMS,
    pinLimit: { take: async () => {}, giveBack: async () => {} } as unknown as MoveDeps["pinLimit"],
    onReady: () => {},
    announce: async ({ version }) => void this.told.push(version),
    orders: {
      find: async () => structuredClone(this.order),
      apply: async (read: OrderDocument, change: Change, now: Date) => this.apply(read, change, now),
    } as unknown as MoveDeps["orders"],
  };

  private apply(read: OrderDocument, change: Change, at: Date): OrderDocument | null {
    if (read.version !== this.order.version || read.status !== this.order.status) return null;
    const version = read.version + 1;
    const { type, status: to, actor, deliveryId, reason, prepMinutes } = change;
    const content = { ...(reason && { reason }), ...(prepMinutes && { prepMinutes }) };
    const event = { sequence: version, type, from: read.status, to, actor, at, ...content };
    const events = [...read.events, { ...event, ...(deliveryId && { deliveryId }) }];
    this.order = { ...read, ...change.set, status: to, version, events };
    for (const field of change.unset ?? []) delete this.order[field];
    return structuredClone(this.order);
  }

  assignCourier = () =>
    changeOrder(this.deps, this.order._id, (order) =>
      order?.awaitingCourier
        ? {
            ...{ type: "courier_assigned", status: order.status, actor: { role: "system" } },
            deliveryId: order.deliveryId,
            set: {
              courier: { courierId: PEOPLE.courier, name: "Kim", vehicle: "bicycle" },
              awaitingCourier: false,
            },
          }
        : undefined,
    );
}

/** The status of the answer; 200 also for a repeated move. */
const answerTo = (run: Promise<unknown>): Promise<number> =>
  run.then(
    () => 200,
    (error) => {
      if (error instanceof AppError) return error.status;
      throw error;
    },
  );

const agree = (model: Model, { order, told }: Service) => {
  expect([order.status, order.version, order.courier !== undefined]).toEqual([
    ...[model.status, model.version, model.hasCourier],
  ] as never);
  expect(told).toEqual(Array.from({ length: order.version - 1 }, (_, i) => i + 2));
};

class Moves implements fc.AsyncCommand<Model, Service> {
  constructor(
    readonly person: Person,
    readonly action: (typeof ACTIONS)[number],
    readonly pin: string,
    readonly prepMinutes: number | undefined,
    readonly reason: string,
  ) {}
  check = () => true;
  toString = () => `${this.person} ${this.action} ${this.content() ?? ""}`;

  /** The content that this action uses. */
  private content() {
    const { action, pin, prepMinutes, reason } = this;
    if (action === "deliver") return pin;
    if (["accept", "prepare"].includes(action)) return prepMinutes;
    return ["reject", "cancel", "fail"].includes(action) ? reason : undefined;
  }

  /** Updates the model and returns the expected status. */
  private expected(model: Model): number {
    const { person, action } = this;
    if (person === "courier" && !model.hasCourier) return BEFORE_PICKUP.includes(model.status) ? 503 : 404;
    const leadsTo = TABLE.filter((row) => row[1] === action).map((row) => row[3]);
    if (leadsTo.includes(model.status) && model.by === person)
      return model.content === this.content() ? 200 : 409;
    const row = TABLE.find(
      ([from, a, by]) => from.split(" ").includes(model.status) && a === action && by === person,
    );
    if (!row) return 409;
    if (action === "prepare" && model.status === "accepted" && this.prepMinutes) return 422;
    if (action === "deliver" && this.pin !== PIN) return 422;
    const content = this.content();
    Object.assign(model, { status: row[3], version: model.version + 1, by: person, content });
    return 200;
  }

  async run(model: Model, service: Service) {
    const { person, action, pin, prepMinutes, reason } = this;
    const actor: Actor = { role: person as ActorRole, id: PEOPLE[person] };
    const { _id, deliveryId } = service.order;
    const expected = this.expected(model);
    const given = { pin, reason, deliveryId, ...(prepMinutes && { prepMinutes }) };
    const input = { action, actor, ...given };
    expect(await answerTo(moveOrder(service.deps, _id, input))).toBe(expected);
    agree(model, service);
  }
}

class Assigned implements fc.AsyncCommand<Model, Service> {
  check = () => true;
  toString = () => "a courier is assigned";
  async run(model: Model, service: Service) {
    if (!model.hasCourier && BEFORE_PICKUP.includes(model.status)) {
      model.hasCourier = true;
      model.version++;
    }
    await service.assignCourier();
    agree(model, service);
  }
}

class Declined implements fc.AsyncCommand<Model, Service> {
  check = ({ hasCourier }: Readonly<Model>) => hasCourier;
  toString = () => "the courier declines";
  async run(model: Model, service: Service) {
    const { _id, deliveryId } = service.order;
    const possible = BEFORE_PICKUP.includes(model.status);
    if (possible) {
      model.hasCourier = false;
      model.version++;
    }
    const declining = declineOrder(service.deps, _id, { courierId: PEOPLE.courier, deliveryId });
    expect(await answerTo(declining)).toBe(possible ? 200 : 409);
    agree(model, service);
  }
}

/** Moves that go on are drawn more often than those that end an order early, or few lives would reach the door. */
const DRAWN = ACTIONS.flatMap((action) => Array(["reject", "cancel"].includes(action) ? 1 : 8).fill(action));

const anything = [
  ...Object.keys(PEOPLE).map((person) =>
    fc
      .tuple(
        fc.constantFrom(...DRAWN),
        fc.constantFrom(PIN, PIN, "9999"),
        fc.constantFrom(undefined, 10, 20),
        fc.constantFrom("why", "because"),
      )
      .map(([action, ...content]) => new Moves(person as Person, action, ...content)),
  ),
  fc.constant(new Assigned()),
  fc.constant(new Declined()),
];

test("a thousand random sequences of moves match the model", async () => {
  const reached = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.commands(anything, { maxCommands: 60, size: "max" }), async (commands) => {
      const service = new Service();
      const begin = (): { model: Model; real: Service } => ({
        model: { status: "pending", version: 1, hasCourier: false, by: "customer", content: undefined },
        real: service,
      });
      await fc.asyncModelRun(begin, commands);
      reached.set(service.order.status, (reached.get(service.order.status) ?? 0) + 1);
    }),
    { numRuns: LIVES },
  );
  // Sequences that always end early would test nothing.
  for (const end of ["delivered", "delivery_failed", "cancelled", "rejected"])
    expect(reached.get(end) ?? 0).toBeGreaterThan(0);
}, 60_000);
