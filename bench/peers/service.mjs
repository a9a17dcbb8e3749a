// The peer on Node and Fastify: the same as bench/peers/go, written plainly with ioredis and the official MongoDB driver.
import { createHash, createPublicKey, randomBytes, randomInt, verify } from "node:crypto";
import Fastify, { LogController } from "fastify";
import { Redis } from "ioredis";
import { MongoClient } from "mongodb";

const { MONGODB_URL, REDIS_URL, DATABASE, CUSTOMER_URL, RESTAURANT_URL, HOST, PORT } = process.env;
const mongo = new MongoClient(MONGODB_URL, { maxPoolSize: 20 });
const redis = new Redis(REDIS_URL, { enableAutoPipelining: true });
await mongo.connect();
const orders = mongo.db(DATABASE).collection("orders");
await orders.createIndex({ customerId: 1, idempotencyKey: 1 }, { unique: true, name: "placed_once" });
await orders.createIndex({ restaurantId: 1, _id: -1 });
await orders.createIndex({ outboxDueAt: 1 }, { partialFilterExpression: { outboxDueAt: { $exists: true } } });

const MAX = 1_000_000_000;
const WINDOW_MS = 60_000;
let window = 0;
let counts = new Map();
let changed = new Map();
setInterval(() => {
  if (changed.size === 0) return;
  const pipeline = redis.pipeline();
  for (const [key, count] of changed) {
    pipeline.incrby(`requests:peer:${key}:${window}`, count);
    pipeline.pexpire(`requests:peer:${key}:${window}`, 2 * WINDOW_MS);
  }
  changed = new Map();
  pipeline.exec();
}, 250);

function take(key) {
  const now = Date.now();
  const current = Math.floor(now / WINDOW_MS);
  if (current !== window) counts = new Map();
  window = current;
  const used = (counts.get(key) ?? 0) + 1;
  counts.set(key, used);
  changed.set(key, (changed.get(key) ?? 0) + 1);
  return { left: MAX - used, reset: Math.ceil(((current + 1) * WINDOW_MS - now) / 1000) };
}

const issuers = { customer: CUSTOMER_URL, restaurant: RESTAURANT_URL };
const known = new Map();
async function callerOf({ headers }) {
  const token = headers.authorization?.slice("Bearer ".length) ?? "";
  const remembered = known.get(token);
  if (remembered && remembered.exp * 1000 > Date.now()) return remembered;
  const [head, payload, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload ?? "", "base64url"));
  const { keys } = await (await fetch(`${issuers[claims.iss]}/.well-known/jwks.json`)).json();
  const key = createPublicKey({ key: keys[0], format: "jwk" });
  const isValid = verify(null, Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, "base64url"));
  if (!isValid || claims.exp * 1000 <= Date.now())
    throw Object.assign(new Error("token"), { statusCode: 401 });
  known.set(token, claims);
  return claims;
}

const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const observed = new Map();
function observe(route, status, seconds) {
  const key = `${route} ${status}`;
  const series = observed.get(key) ?? new Array(BUCKETS.length + 1).fill(0);
  observed.set(key, series);
  const i = BUCKETS.findIndex((most) => seconds <= most);
  series[i < 0 ? BUCKETS.length : i]++;
}

const app = Fastify({
  logger: { level: "info", base: { service: "peer" } },
  logController: new LogController({ disableRequestLogging: true }),
  genReqId: ({ headers }) => headers["x-request-id"] ?? randomBytes(16).toString("hex"),
});
app.addHook("onRequest", async (request, reply) => {
  const { left, reset } = take(request.ip);
  request.trace = randomBytes(16).toString("hex");
  request.span = randomBytes(8).toString("hex");
  reply.headers({
    "x-request-id": request.id,
    traceparent: `00-${request.trace}-${request.span}-01`,
    "x-content-type-options": "nosniff",
    "ratelimit-policy": `"anonymous";q=${MAX};w=60`,
    ratelimit: `"anonymous";r=${left};t=${reset}`,
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
    "cache-control": "no-store",
  });
});
app.addHook("onResponse", async (request, reply) => {
  const route = request.routeOptions.url;
  observe(route, reply.statusCode, reply.elapsedTime / 1000);
  request.log.info(
    {
      ...{ requestId: request.id, trace_id: request.trace, span_id: request.span, method: request.method },
      ...{ path: request.url, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
    },
    "request",
  );
});

const text = { type: "string", minLength: 1, maxLength: 255 };
const PLACING = {
  type: "object",
  required: ["customerId", "idempotencyKey", "restaurantId", "items", "addressId", "deliveryAddress"],
  additionalProperties: false,
  properties: {
    ...{ customerId: text, idempotencyKey: text, restaurantId: text, addressId: text },
    items: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["dishId", "quantity"],
        properties: { dishId: text, quantity: { type: "integer", minimum: 1 } },
      },
    },
    deliveryAddress: { type: "object" },
  },
};
const MOVE = {
  type: "object",
  required: ["actorId"],
  additionalProperties: false,
  properties: { actorId: text, prepMinutes: { type: "integer", minimum: 1 } },
};

const problem = (reply, status, code) =>
  reply.code(status).type("application/problem+json").send(JSON.stringify({ status, code }));

const { stringify } = JSON;
const copyKey = (id) => `live:status:${id}`;
const liveOf = ({ _id: orderId, customerId, status, version, readyAt, estimatedDeliveryAt }) => ({
  ...{ orderId, customerId, status, version, readyAt, estimatedDeliveryAt },
});
const keep = (order) => redis.set(copyKey(order._id), stringify(liveOf(order)), "PX", 10_000);

async function publish(order) {
  const { sequence, type, to: status, at } = order.events.at(-1);
  const message = stringify({ sequence, type, status, at, ...liveOf(order) });
  redis.publish(`live:order:${order._id}`, message);
  redis.publish(
    `live:restaurant:${order.restaurantId}`,
    stringify({ id: order._id, version: order.version }),
  );
  await keep(order);
}

function viewOf(order, seesPin) {
  const { _id: orderId, idempotencyKey, requestHash, restaurantAddress, outbox, events, ...shown } = order;
  if (!seesPin) delete shown.handoverPin;
  return { orderId, ...shown };
}

app.get("/health/ready", async () => "ready");

app.get("/v1/restaurants/:id/menu", async (request, reply) => {
  const entry = await redis.get(`menu:${request.params.id}`);
  if (entry === null) return problem(reply, 404, "RESTAURANT_NOT_FOUND");
  const end = entry.indexOf("\n");
  const etag = entry.slice(0, end);
  reply.headers({ etag, "cache-control": "public, no-cache" });
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  return reply.type("application/json").send(entry.slice(end + 1));
});

app.post("/internal/orders", { schema: { body: PLACING } }, async (request, reply) => {
  if ((await callerOf(request)).sub !== "customer") return problem(reply, 403, "WRONG_SERVICE");
  const { body } = request;
  const { customerId, idempotencyKey, restaurantId, items, deliveryAddress } = body;
  const earlier = await orders.findOne({ customerId, idempotencyKey });
  if (earlier) return reply.code(201).header("idempotent-replayed", "true").send(viewOf(earlier, true));
  const answer = await fetch(`${RESTAURANT_URL}/internal/quotes`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: request.headers.authorization },
    body: stringify({ restaurantId, items, dropoff: deliveryAddress.location }),
  });
  if (!answer.ok) return problem(reply, 503, "DEPENDENCY_UNAVAILABLE");
  const quote = await answer.json();
  const prices = new Map(quote.items.map((item) => [item.dishId, item]));
  if (items.some(({ dishId }) => !prices.has(dishId))) return problem(reply, 422, "DISH_NOT_FOUND");
  const lines = items.map(({ dishId, quantity }) => ({ ...prices.get(dishId), quantity }));
  const subtotalCents = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0);
  const now = new Date();
  const minutesLater = (minutes) => new Date(now.getTime() + minutes * 60_000);
  const order = {
    _id: `ord_${now.getTime().toString(16)}${randomBytes(8).toString("hex")}`,
    ...{ customerId, idempotencyKey, restaurantId, deliveryAddress },
    requestHash: createHash("sha256").update(stringify(body)).digest("base64url"),
    restaurantName: quote.restaurantName,
    restaurantAddress: quote.address,
    items: lines,
    subtotalCents,
    deliveryFeeCents: quote.deliveryFeeCents,
    totalCents: subtotalCents + quote.deliveryFeeCents,
    currency: quote.currency,
    status: "pending",
    version: 1,
    placedAt: now,
    acceptBy: minutesLater(10),
    estimatedDeliveryAt: minutesLater(quote.prepMinutes + 15),
    prepMinutes: quote.prepMinutes,
    handoverPin: String(randomInt(10_000)).padStart(4, "0"),
    outbox: [],
    events: [
      {
        sequence: 1,
        type: "placed",
        from: null,
        to: "pending",
        actor: { role: "customer", id: customerId },
        at: now,
      },
    ],
  };
  await orders.insertOne(order);
  await publish(order);
  return reply.code(201).send(viewOf(order, true));
});

const MOVES = {
  pending: { accept: "accepted", prepare: "preparing" },
  accepted: { prepare: "preparing", ready: "ready" },
  preparing: { ready: "ready" },
};

app.post("/internal/orders/:id/:action", { schema: { body: MOVE } }, async (request, reply) => {
  if ((await callerOf(request)).sub !== "restaurant") return problem(reply, 403, "WRONG_SERVICE");
  const { id, action } = request.params;
  const { actorId, prepMinutes } = request.body;
  for (let tries = 0; tries < 8; tries++) {
    const order = await orders.findOne({ _id: id });
    if (order?.restaurantId !== actorId) return problem(reply, 404, "ORDER_NOT_FOUND");
    const to = MOVES[order.status]?.[action];
    if (!to) return problem(reply, 409, "ILLEGAL_MOVE");
    const at = new Date();
    const sequence = order.version + 1;
    const readyAt = to === "ready" ? at : prepMinutes && new Date(at.getTime() + prepMinutes * 60_000);
    const made = {
      sequence,
      type: to,
      from: order.status,
      to,
      actor: { role: "restaurant", id: actorId },
      at,
    };
    const moved = await orders.findOneAndUpdate(
      { _id: id, status: order.status, version: order.version },
      {
        $set: {
          status: to,
          version: sequence,
          ...(readyAt && { readyAt }),
          ...(prepMinutes && { prepMinutes }),
        },
        $push: { events: made },
      },
      { returnDocument: "after" },
    );
    if (!moved) continue;
    await publish(moved);
    return viewOf(moved, false);
  }
  return problem(reply, 409, "ORDER_BUSY");
});

app.get("/v1/orders/:id/status", async (request, reply) => {
  const { sub, role } = await callerOf(request);
  const { id } = request.params;
  const [copy] = await redis.mget(copyKey(id), `live:location:${id}`);
  let order = copy === null ? undefined : JSON.parse(copy);
  if (!order) {
    const found = await orders.findOne({ _id: id });
    if (found) {
      keep(found);
      order = liveOf(found);
    }
  }
  if (role !== "customer" || order?.customerId !== sub) return problem(reply, 404, "ORDER_NOT_FOUND");
  const etag = `"v${order.version}-${Number(new Date(order.estimatedDeliveryAt)).toString(36)}"`;
  reply.headers({ etag, "cache-control": "private, no-cache" });
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  const { orderId, status, version, readyAt, estimatedDeliveryAt } = order;
  return { orderId, status, version, readyAt, estimatedDeliveryAt };
});

await app.listen({ host: HOST, port: Number(PORT) });
