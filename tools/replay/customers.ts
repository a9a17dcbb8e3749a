// A customer places one order at its minute, follows it, and gives the PIN to the courier.
import type { Order } from "@food/shared/contracts/order";
import type { InstanceOrder } from "../day/instance.ts";
import { isFinal, isOpen, type OrderRecord } from "./book.ts";
import type { Kitchen } from "./restaurants.ts";
import { Session } from "./session.ts";
import { accountOf, addressAt, type Company, jittered, type Stage } from "./stage.ts";

export interface Customer {
  session: Session;
  addressId: string;
  idempotencyKey: string;
}

export async function registerCustomer(company: Company, order: InstanceOrder): Promise<Customer> {
  const account = accountOf(company, "customer", order.id);
  const name = `Customer ${order.id}`;
  const session = await Session.register(company.api, account, "/v1/customers", { name });
  const { addressId } = await session.require<{ addressId: string }>({
    method: "POST",
    path: "/v1/customers/me/addresses",
    body: { label: "Home", ...addressAt(company, name, order.spot) },
  });
  return { session, addressId, idempotencyKey: crypto.randomUUID() };
}

/** Places the order at its minute. Returns false when the platform refuses it. */
export async function placeOrder(
  { clock, book }: Stage,
  { session, addressId, idempotencyKey }: Customer,
  { restaurantId, dishIds }: Kitchen,
  record: OrderRecord,
): Promise<boolean> {
  await clock.until(record.order.placementMinute);
  const clickedMinute = clock.now();
  const answer = await session.send<Order>({
    method: "POST",
    path: "/v1/orders",
    headers: { "idempotency-key": idempotencyKey },
    body: { restaurantId, addressId, items: dishIds.slice(0, 2).map((dishId) => ({ dishId, quantity: 1 })) },
  });
  if (answer.ok) book.place(record, answer.body.orderId, clickedMinute);
  else record.refusal = `${answer.status} ${answer.refusal.code}`.trim();
  return answer.ok;
}

async function ask({ session }: Customer, { orderId }: OrderRecord): Promise<Order | undefined> {
  const answer = await session.send<Order>({ method: "GET", path: `/v1/orders/${orderId}` });
  return answer.ok ? answer.body : undefined;
}

/** The PIN that the customer gives to the courier. */
export const tellPin = async (customer: Customer, record: OrderRecord): Promise<string | undefined> =>
  (await ask(customer, record))?.handoverPin;

/** Reads the order and records its status. */
export async function lookUp(
  customer: Customer,
  record: OrderRecord,
  ownCourierIds: Set<string>,
): Promise<void> {
  const order = await ask(customer, record);
  // A later read may have recorded a final status already.
  if (!order || isFinal(record.status)) return;
  record.status = order.status;
  if (order.reason) record.reason = order.reason;
  if (order.courier && !ownCourierIds.has(order.courier.courierId)) record.stranger = order.courier.name;
  else delete record.stranger;
}

type LiveOrder = Pick<Order, "status" | "version">;

/** Polls the order's status until it has ended, then reads and records the order. */
export async function follow(
  { clock, pace, api }: Stage,
  customer: Customer,
  record: OrderRecord,
  ownCourierIds: Set<string>,
): Promise<void> {
  const path = `/v1/orders/${record.orderId}/status`;
  let etag: string | undefined;
  let seen: LiveOrder | undefined;
  while (isOpen(record)) {
    await clock.sleep(jittered(pace.followMs));
    if (!isOpen(record)) return;
    const headers = etag ? { "if-none-match": etag } : {};
    const call = { service: "order", method: "GET", path, headers, expected: [304] } as const;
    const answer = await customer.session.send<LiveOrder>(call);
    if (answer.ok) {
      if (seen && answer.body.version < seen.version)
        api.traffic.countError("GET /v1/orders/:id/status went backwards");
      etag = answer.etag;
      seen = answer.body;
    }
    if (isFinal(seen?.status)) await lookUp(customer, record, ownCourierIds);
  }
}
