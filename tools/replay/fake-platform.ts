// Just enough of the platform's API, with the life of an order, for a replay to be played against in a test: in
// memory, every service below its own path of one port.
import type { OrderStatus } from "@food/shared/contracts/order";
import type { Location } from "@food/shared/values/geo";
import type { ServiceUrls } from "./api.ts";

interface FakeOrder {
  orderId: string;
  restaurantId: string;
  customerId: string;
  status: OrderStatus;
  reason?: string;
  declinedBy: Set<string>;
  courierId?: string;
}

interface FakeAccount {
  id: string;
  name: string;
  available: boolean;
  location?: Location;
}

const PIN = "0417";
const MOVES: Record<string, { from: OrderStatus[]; to: OrderStatus }> = {
  accept: { from: ["pending"], to: "accepted" },
  reject: { from: ["pending"], to: "rejected" },
  prepare: { from: ["pending", "accepted"], to: "preparing" },
  ready: { from: ["accepted", "preparing"], to: "ready" },
  cancel: { from: ["accepted", "preparing", "ready"], to: "cancelled" },
};
const LIVE: OrderStatus[] = ["pending", "accepted", "preparing", "ready", "out_for_delivery"];

const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers });
const problem = (status: number, code: string, extras: object = {}, headers?: Record<string, string>) =>
  json(status, { code, detail: code, ...extras }, headers);

export function startFakePlatform() {
  const accounts = new Map<string, FakeAccount>();
  const orders = new Map<string, FakeOrder>();
  const idempotencyKeys = new Map<string, string>();
  const calls: string[] = [];
  let ids = 0;
  let refusedOnce = false;
  const newId = (prefix: string) => `${prefix}_${String(++ids).padStart(26, "0")}`;

  function assignCouriers() {
    for (const order of orders.values()) {
      if (order.courierId || !LIVE.includes(order.status)) continue;
      const busy = new Set(
        [...orders.values()].filter(({ status }) => LIVE.includes(status)).map(({ courierId }) => courierId),
      );
      const courier = [...accounts.values()].find(
        ({ id, available, location }) => available && location && !busy.has(id) && !order.declinedBy.has(id),
      );
      if (courier) order.courierId = courier.id;
    }
  }

  const orderView = (order: FakeOrder) => ({
    orderId: order.orderId,
    status: order.status,
    handoverPin: PIN,
    ...(order.reason && { reason: order.reason }),
    ...(order.courierId && {
      courier: { courierId: order.courierId, name: accounts.get(order.courierId)?.name },
    }),
  });
  const deliveryStatus = ({ status }: FakeOrder) => {
    if (status === "delivered") return "delivered";
    if (status === "out_for_delivery") return "picked_up";
    return LIVE.includes(status) ? "assigned" : "released";
  };
  const deliveryView = (order: FakeOrder) => ({
    deliveryId: order.orderId.replace("ord", "dlv"),
    orderId: order.orderId,
    status: deliveryStatus(order),
    pickup: { name: accounts.get(order.restaurantId)?.name },
    ready: order.status === "ready",
  });

  function signIn(email: string) {
    const tokens = { tokenType: "Bearer", expiresIn: 900, refreshToken: email };
    return json(201, { accessToken: email, ...tokens });
  }

  function placeOrder(caller: FakeAccount, body: Record<string, string>, key: string | null) {
    if (!key) return problem(400, "IDEMPOTENCY_KEY_REQUIRED");
    if (!refusedOnce) {
      refusedOnce = true;
      return problem(503, "OVERLOADED", {}, { "retry-after": "0" });
    }
    const orderId = idempotencyKeys.get(key) ?? newId("ord");
    idempotencyKeys.set(key, orderId);
    const order: FakeOrder = {
      orderId,
      restaurantId: body.restaurantId ?? "",
      customerId: caller.id,
      status: "pending",
      declinedBy: new Set(),
    };
    orders.set(orderId, order);
    assignCouriers();
    return json(201, orderView(order));
  }

  function moveOrder(order: FakeOrder, action: string) {
    const move = MOVES[action];
    if (!move?.from.includes(order.status))
      return problem(409, "ILLEGAL_MOVE", { currentStatus: order.status });
    order.status = move.to;
    return json(200, orderView(order));
  }

  function moveDelivery(caller: FakeAccount, order: FakeOrder, action: string, pin: string | undefined) {
    if (order.courierId !== caller.id) return problem(404, "NOT_FOUND");
    if (action === "decline") {
      delete order.courierId;
      order.declinedBy.add(caller.id);
    } else if (action === "pickup") {
      if (order.status !== "ready") return problem(409, "ILLEGAL_MOVE", { currentStatus: order.status });
      order.status = "out_for_delivery";
    } else if (action === "fail") {
      order.status = "delivery_failed";
    } else {
      if (pin !== PIN) return problem(422, "WRONG_PIN");
      order.status = "delivered";
    }
    assignCouriers();
    return json(200, deliveryView(order));
  }

  function answerMe(caller: FakeAccount, what: string | undefined, body: Record<string, unknown>) {
    if (what === "addresses") return json(201, { addressId: newId("adr") });
    if (what === "dishes") return json(201, { dishId: newId("dsh") });
    if (what === "location") caller.location = body.location as Location;
    if (what === "availability") caller.available = body.available === true;
    assignCouriers();
    return json(200, { courierId: caller.id, restaurantId: caller.id });
  }

  async function answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, service, , noun = "", id = "", verb = ""] = pathname.split("/");
    if (noun === "live") return json(200, {});
    calls.push(`${service} ${request.method} /v1/${noun}${id === "me" ? `/me/${verb}` : verb && `/${verb}`}`);
    const body = (request.method === "GET" ? {} : await request.json().catch(() => ({}))) as Record<
      string,
      string
    >;
    const email = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
    if (noun === "sessions") return signIn(body.email ?? body.refreshToken ?? "");
    const caller = accounts.get(email) ?? [...accounts.values()].find((account) => account.id === email);
    if (!caller) {
      const account = { id: newId("crr"), name: body.name ?? "", available: false };
      accounts.set(body.email ?? "", account);
      accounts.set(account.id, account);
      return json(201, {});
    }
    if (id === "me") return answerMe(caller, verb, body);
    const order = orders.get(id.replace("dlv", "ord"));
    if (noun === "deliveries" && order)
      return verb ? moveDelivery(caller, order, verb, body.pin) : json(200, deliveryView(order));
    if (noun === "deliveries") {
      const mine = [...orders.values()].filter(({ courierId }) => courierId === caller.id).map(deliveryView);
      const wanted = searchParams.get("status");
      return json(200, { items: mine.filter(({ status }) => status === wanted), nextCursor: null });
    }
    if (!id && request.method === "POST")
      return placeOrder(caller, body, request.headers.get("idempotency-key"));
    if (!id) {
      const mine = [...orders.values()].filter(({ restaurantId }) => restaurantId === caller.id);
      const pending = mine.filter(({ status }) => status === searchParams.get("status"));
      return json(200, { items: pending.map(orderView), nextCursor: null });
    }
    if (!order) return problem(404, "NOT_FOUND");
    return request.method === "POST" ? moveOrder(order, verb) : json(200, orderView(order));
  }

  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
  const urls = Object.fromEntries(
    ["customer", "restaurant", "order", "delivery"].map((name) => [name, `${server.url}${name}`]),
  ) as ServiceUrls;
  return { urls, orders, calls, stop: () => server.stop(true) };
}
