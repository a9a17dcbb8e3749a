import { givenAccountFeatures } from "@food/shared/accounts/account-routes";
import { signInLimits } from "@food/shared/accounts/limits";
import { accountStore } from "@food/shared/accounts/store";
import { endedAt, startTokenEnds } from "@food/shared/accounts/token-ends/poll";
import { tokenVerifier } from "@food/shared/auth/tokens";
import { COURIER_FREE_CHANNEL } from "@food/shared/contracts/live";
import { withPages } from "@food/shared/http/openapi/pages";
import { inBackground, outsideRequests } from "@food/shared/observe/request-scope";
import { measureOutboxes } from "@food/shared/outbox/measure-outbox";
import { outboxWorker } from "@food/shared/outbox/outbox";
import { baseApp, type ServiceBase } from "@food/shared/service/service-base";
import { rateLimit } from "@food/shared/storage/rate-limit";
import type { Subscriber } from "@food/shared/storage/redis";
import { access } from "./access.ts";
import { recorded } from "./activity.ts";
import { api } from "./api.ts";
import { startOrderArchive } from "./archive/archive-orders.ts";
import { deliveriesAt } from "./clients/deliveries.ts";
import { quoteFrom, releaseStockAt, tellOwnersAt } from "./clients/restaurants.ts";
import { measureDispatch } from "./dispatch/metrics.ts";
import { freeCourierIn, startRounds } from "./dispatch/rounds.ts";
import { regionStore } from "./dispatch/store.ts";
import { type DispatchSettings, dispatchTermsOf } from "./dispatch/terms.ts";
import { eraseRoutes } from "./erasing/routes.ts";
import { erasureStore } from "./erasing/store.ts";
import { kitchenStore } from "./kitchens/store.ts";
import { measureOrders } from "./measuring/measure-orders.ts";
import { addFirstOperator, type OperatorSettings } from "./operators/add-operator.ts";
import { operatorRoutes } from "./operators/routes.ts";
import { operatorStore } from "./operators/store.ts";
import { startDeadlines } from "./orders/expire-orders.ts";
import type { OrderDocument, OrderEntry } from "./orders/order.ts";
import { orderRoutes } from "./orders/routes.ts";
import { orderStore } from "./orders/store.ts";
import { outcomeStore } from "./outcomes/store.ts";
import { elsewhere, ownData } from "./own-data.ts";
import { startTown } from "./town/follow-town.ts";
import { townRoutes } from "./town/routes.ts";
import { townStore } from "./town/store.ts";
import { startFeeds } from "./tracking/feeds.ts";
import { redisLiveCopy } from "./tracking/live-copy.ts";
import { trackingRoutes } from "./tracking/routes.ts";
import { refreshTrip } from "./trips/refresh-trip.ts";
import { webhookRoutes } from "./webhooks/routes.ts";
import type { Targets } from "./webhooks/sending/post.ts";
import { startWebhooks, type WebhookSettings } from "./webhooks/webhooks.ts";

export interface OrderDeps extends ServiceBase, DispatchSettings, OperatorSettings {
  subscriber: Subscriber;
  CUSTOMER_URL: string;
  RESTAURANT_URL: string;
  DELIVERY_URL: string;
  ACCESS_TOKEN_SECONDS: number;
  SESSION_MAX_DAYS: number;
  ACCEPT_WITHIN_SECONDS: number;
  ASSIGN_WITHIN_SECONDS: number;
  PICKUP_WITHIN_SECONDS: number;
  DISPATCH_EVERY_MS: number;
  DEADLINES_EVERY_MS: number;
  COURIER_METERS_PER_MINUTE: number;
  OPEN_ORDERS_PER_CUSTOMER: number;
  OPEN_ORDERS_PER_ADDRESS: number;
  ARCHIVE_AFTER_DAYS: number;
  /** How long after its start a process begins to archive, for tests. */
  archiveFromMs?: number;
  WEBHOOK_TARGETS: Targets;
  /** Other settings than the usual ones, for tests. */
  webhooks?: Partial<WebhookSettings>;
}

export function orderApp(deps: OrderDeps) {
  const { mongo, redis, subscriber, locks, log } = deps;
  const restaurants = deps.clientOf("restaurant", deps.RESTAURANT_URL);
  const webhooks = startWebhooks({
    ...{
      db: mongo.db,
      metrics: deps.metrics,
      figures: deps.figures,
      log,
      targets: deps.WEBHOOK_TARGETS,
      sealed: deps.sealed,
    },
    tellOwners: tellOwnersAt(restaurants),
    ...(deps.webhooks && { settings: deps.webhooks }),
  });
  const orders = orderStore(mongo.db, webhooks.isAwaited);
  const kitchens = kitchenStore(mongo.db);
  const live = redisLiveCopy(redis);
  const deliveryService = deps.clientOf("delivery", deps.DELIVERY_URL);
  const deliveries = deliveriesAt(deliveryService);
  const releaseStock = releaseStockAt(restaurants);
  const terms = {
    acceptWithinMs: deps.ACCEPT_WITHIN_SECONDS * 1000,
    assignWithinMs: deps.ASSIGN_WITHIN_SECONDS * 1000,
    pickupWithinMs: deps.PICKUP_WITHIN_SECONDS * 1000,
    courierMetersPerMinute: deps.COURIER_METERS_PER_MINUTE,
    daySpeed: deps.DAY_SPEED,
    openPerCustomer: deps.OPEN_ORDERS_PER_CUSTOMER,
    openPerAddress: deps.OPEN_ORDERS_PER_ADDRESS,
  };

  const seen = townStore(orders.collection);
  const orderMoved = measureOrders(deps, seen);
  const dispatchMetrics = measureDispatch(deps, orders);

  const outbox = outboxWorker<OrderEntry, OrderDocument>({
    collection: orders.collection,
    deliver: async (orderId, entry) => {
      switch (entry.kind) {
        case "refresh_trip":
          return refreshTrip({ orders, announce, terms }, entry);
        case "release_stock":
          return releaseStock(entry.restaurantId, orderId);
        case "inform_delivery":
          return deliveries.inform(entry.deliveryId, entry.progress);
        case "notify_webhooks":
          return webhooks.queueEvent(orderId, entry);
        default:
          // Of a newer version, which will take it from the outbox.
          throw new Error(`Unknown outbox entry ${(entry as OrderEntry).kind}`);
      }
    },
    log,
  });
  measureOutboxes(deps, { orders: outbox, webhook_notices: webhooks.notices });
  deps.metrics.dependencies.set("redis_subscriptions", () => subscriber.status === "ready");
  const announce = async (order: OrderDocument, isLeased: boolean) => {
    if (order.outbox.length > 0 && isLeased) outbox.deliverLeased(order);
    else if (order.outbox.length > 0) outbox.wake();
    if (order.awaitingCourier) rounds.wake(order);
    deadlines.changed(order);
    orderMoved(order);
    await live.publish(order, (message) => feeds.notify(order._id, message));
  };
  const rounds = startRounds({
    ...{ orders, kitchens, deliveries, announce, locks, terms, log },
    regions: regionStore(mongo.db),
    dispatchTerms: dispatchTermsOf(deps),
    metrics: dispatchMetrics,
    everyMs: deps.DISPATCH_EVERY_MS,
  });
  const deadlines = startDeadlines({ orders, announce, terms, log, everyMs: deps.DEADLINES_EVERY_MS });
  const archiving = startOrderArchive({ ...deps, orders });
  const tracking = { orders, live, courierMetersPerMinute: terms.courierMetersPerMinute };
  const feeds = startFeeds({ ...tracking, subscriber, log });
  const listenForFree = () =>
    inBackground(() => subscriber.subscribe(COURIER_FREE_CHANNEL).then(rounds.lookAround, () => undefined));
  subscriber.on("ready", outsideRequests(listenForFree));
  if (subscriber.status === "ready") listenForFree();
  const lookAround = (channels: string[]) => channels.includes(COURIER_FREE_CHANNEL) && rounds.lookAround();
  subscriber.on("resubscribed", outsideRequests(lookAround));
  const receive = (channel: string, message: string) => {
    const courier = channel === COURIER_FREE_CHANNEL && freeCourierIn(message);
    if (courier) rounds.courierFree(courier);
  };
  subscriber.on("message", outsideRequests(receive));

  const trust = (role: string, url: string) => ({ roles: [role, "service"], keys: { url } });
  const verifyToken = tokenVerifier(
    "order",
    {
      customer: trust("customer", deps.CUSTOMER_URL),
      restaurant: trust("restaurant", deps.RESTAURANT_URL),
      delivery: trust("courier", deps.DELIVERY_URL),
      order: { roles: ["operator"], keys: deps.keys.publicKeys },
    },
    deps.tokenEnds,
  );
  const operators = operatorStore(mongo.db);
  const accounts = accountStore(operators.collection, mongo.db, {
    accessTtlSeconds: deps.ACCESS_TOKEN_SECONDS,
    maxDays: deps.SESSION_MAX_DAYS,
    tokenEnds: deps.tokenEnds,
  });
  const features = givenAccountFeatures({
    ...deps,
    db: mongo.db,
    accounts,
    signInLimits: signInLimits(deps),
    ...{ role: "operator", plural: "operators", audience: ["order"] },
    ...{ recorded, ownData: () => ownData, elsewhere },
  });
  const town = startTown({ ...deps, store: seen, couriersOnDuty: deliveries.couriersOnDuty });
  const tokenEndsPoll = startTokenEnds(deps, {
    customer: endedAt(deps.clientOf("customer", deps.CUSTOMER_URL)),
    restaurant: endedAt(restaurants),
    delivery: endedAt(deliveryService),
  });
  const quote = quoteFrom(restaurants);
  const pinLimit = rateLimit(redis, "handover-pin", { max: 5, windowMs: 10 * 60_000 });

  const moving = { orders, announce, terms, pinLimit, onReady: kitchens.learn };

  const app = baseApp(deps, { access, verifyToken })
    .use(features.routes)
    .use(operatorRoutes({ operators }))
    .use(townRoutes({ ...deps, ...moving, town }))
    .use(
      eraseRoutes({
        ...{ erasure: erasureStore(orders), eraseDeliveries: deliveries.erase },
        removeWebhooks: webhooks.removeAll,
      }),
    )
    .use(trackingRoutes({ ...deps, ...tracking, feeds }))
    .use(webhookRoutes(webhooks.routes))
    .use(orderRoutes({ ...moving, outcomes: outcomeStore(orders), locks, quote, releaseStock }));

  return {
    app: withPages(app, api, access, deps.swagger),
    async ensureIndexes() {
      await Promise.all([
        ...[orders.ensureIndexes(), orders.open.ensureIndexes(), seen.ensureIndexes()],
        ...[accounts.ensureIndexes(), features.ensureIndexes(), webhooks.ensureIndexes()],
      ]);
      await addFirstOperator({ operators, accounts, log }, deps);
    },
    /** Waits for the background work to finish. */
    stop: () =>
      Promise.all(
        [rounds, deadlines, archiving, outbox, feeds, town, tokenEndsPoll, features, webhooks].map((each) =>
          each.stop(),
        ),
      ),
  };
}
