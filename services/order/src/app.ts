import { tokenVerifier } from "@food/shared/auth/tokens";
import { COURIER_FREE_CHANNEL } from "@food/shared/contracts/live";
import { withSwagger } from "@food/shared/http/openapi";
import { inBackground, outsideRequests } from "@food/shared/observe/request-scope";
import { measureOutbox } from "@food/shared/outbox/measure-outbox";
import { outboxWorker } from "@food/shared/outbox/outbox";
import { baseApp, type ServiceBase } from "@food/shared/service/service-base";
import { rateLimit } from "@food/shared/storage/rate-limit";
import type { Redis } from "@food/shared/storage/redis";
import { deliveriesAt } from "./clients/deliveries.ts";
import { quoteFrom } from "./clients/restaurants.ts";
import { startDispatcher } from "./dispatch/dispatcher.ts";
import { freeCourierIn } from "./dispatch/match-free-courier.ts";
import { startDeadlines } from "./orders/expire-orders.ts";
import type { InformDelivery, OrderDocument } from "./orders/order.ts";
import { orderRoutes } from "./orders/routes.ts";
import { orderStore } from "./orders/store.ts";
import { startFeeds } from "./tracking/feeds.ts";
import { redisLiveCopy } from "./tracking/live-copy.ts";
import { trackingRoutes } from "./tracking/routes.ts";

export interface OrderDeps extends ServiceBase {
  subscriber: Redis;
  CUSTOMER_URL: string;
  RESTAURANT_URL: string;
  DELIVERY_URL: string;
  ACCEPT_WITHIN_SECONDS: number;
  ASSIGN_WITHIN_SECONDS: number;
  PICKUP_WITHIN_SECONDS: number;
  DISPATCH_EVERY_MS: number;
  DEADLINES_EVERY_MS: number;
  COURIER_METERS_PER_MINUTE: number;
  OPEN_ORDERS_PER_CUSTOMER: number;
  OPEN_ORDERS_PER_ADDRESS: number;
}

const INFO = {
  title: "Order service",
  description:
    "Orders: placed once, moved by the rules, followed live by their customer, restaurant and courier.",
};
const OUTBOX_EVERY_MS = 1_000;

export function orderApp(deps: OrderDeps) {
  const { mongo, redis, subscriber, locks, log } = deps;
  const orders = orderStore(mongo.db);
  const live = redisLiveCopy(redis);
  const deliveries = deliveriesAt(deps.clientOf("delivery", deps.DELIVERY_URL));
  const terms = {
    acceptWithinMs: deps.ACCEPT_WITHIN_SECONDS * 1000,
    assignWithinMs: deps.ASSIGN_WITHIN_SECONDS * 1000,
    pickupWithinMs: deps.PICKUP_WITHIN_SECONDS * 1000,
    courierMetersPerMinute: deps.COURIER_METERS_PER_MINUTE,
    openPerCustomer: deps.OPEN_ORDERS_PER_CUSTOMER,
    openPerAddress: deps.OPEN_ORDERS_PER_ADDRESS,
  };

  const outbox = outboxWorker<InformDelivery, OrderDocument>({
    collection: orders.collection,
    deliver: (_, { deliveryId, progress }) => deliveries.inform(deliveryId, progress),
    everyMs: OUTBOX_EVERY_MS,
    log,
  });
  measureOutbox(deps.metrics, outbox);
  const announce = async (order: OrderDocument) => {
    if (order.outbox.length > 0) outbox.wake();
    if (order.awaitingCourier) dispatcher.wake();
    await live.publish(order, (news) => feeds.notify(order._id, news));
  };
  const dispatcher = startDispatcher({
    orders,
    deliveries,
    announce,
    locks,
    terms,
    log,
    everyMs: deps.DISPATCH_EVERY_MS,
  });
  const deadlines = startDeadlines({ orders, announce, terms, log, everyMs: deps.DEADLINES_EVERY_MS });
  const tracking = { orders, live, courierMetersPerMinute: terms.courierMetersPerMinute };
  const feeds = startFeeds({ ...tracking, subscriber, log });
  const listenForFree = () =>
    inBackground(() =>
      subscriber.subscribe(COURIER_FREE_CHANNEL).then(dispatcher.lookAround, () => undefined),
    );
  subscriber.on("ready", outsideRequests(listenForFree));
  if (subscriber.status === "ready") listenForFree();
  const heard = (channel: string, message: string) => {
    const courier = channel === COURIER_FREE_CHANNEL && freeCourierIn(message);
    if (courier) dispatcher.offer(courier);
  };
  subscriber.on("message", outsideRequests(heard));

  const trust = (role: string, url: string) => ({ roles: [role, "service"], keys: { url } });
  const verifyToken = tokenVerifier("order", {
    customer: trust("customer", deps.CUSTOMER_URL),
    restaurant: trust("restaurant", deps.RESTAURANT_URL),
    delivery: trust("courier", deps.DELIVERY_URL),
  });
  const quote = quoteFrom(deps.clientOf("restaurant", deps.RESTAURANT_URL));
  const pinLimit = rateLimit(redis, "handover-pin", { max: 5, windowMs: 10 * 60_000 });

  const app = baseApp(deps)
    .use(trackingRoutes({ ...deps, ...tracking, feeds, verifyToken }))
    .use(orderRoutes({ orders, locks, quote, announce, terms, pinLimit, verifyToken }));

  return {
    app: withSwagger(app, INFO),
    ensureIndexes: orders.ensureIndexes,
    /** Lets what is under way in the background come to its end. */
    stop: () => Promise.all([dispatcher.stop(), deadlines.stop(), outbox.stop(), feeds.stop()]),
  };
}
