import { signInLimits, signUpLimit } from "@food/shared/accounts/limits";
import { sessionRoutes } from "@food/shared/accounts/routes";
import { accountStore } from "@food/shared/accounts/store";
import { tokenVerifier } from "@food/shared/auth/tokens";
import { courierChannel } from "@food/shared/contracts/live";
import { withSwagger } from "@food/shared/http/openapi";
import { startOwnerStreams } from "@food/shared/live/owner-streams";
import { baseApp, type ServiceBase } from "@food/shared/service/service-base";
import type { Redis } from "@food/shared/storage/redis";
import { fromPoint } from "@food/shared/values/geo";
import { moveOrder } from "./clients/orders.ts";
import { redisLive } from "./couriers/report-location.ts";
import { courierRoutes } from "./couriers/routes.ts";
import { courierStore } from "./couriers/store.ts";
import { changedDeliveries } from "./deliveries/changed-deliveries.ts";
import { deliveryRoutes } from "./deliveries/routes.ts";
import { type DeliveryDocument, deliveryStore } from "./deliveries/store.ts";
import { startClaimSweep } from "./deliveries/sweep-claims.ts";
import { dispatchRoutes } from "./dispatch/routes.ts";

export interface DeliveryDeps extends ServiceBase {
  subscriber: Redis;
  ORDER_URL: string;
  ACCESS_TOKEN_SECONDS: number;
  SIGN_UPS_PER_HOUR: number;
  MAX_PICKUP_DISTANCE_METERS: number;
  POSITION_MAX_AGE_SECONDS: number;
}

const INFO = {
  title: "Delivery service",
  description: "Couriers: come on duty, get assigned, pick up, deliver.",
};
/** More than a courier ever has at a time. */
const LIVE_MAX = 100;
const SWEEP_EVERY_MS = 5_000;

export function deliveryApp(deps: DeliveryDeps) {
  const { mongo, redis, locks, log, keys, signToken } = deps;
  const reach = {
    maxPickupMeters: deps.MAX_PICKUP_DISTANCE_METERS,
    positionMaxAgeMs: deps.POSITION_MAX_AGE_SECONDS * 1000,
  };
  const couriers = courierStore(mongo.db, reach.positionMaxAgeMs);
  const deliveries = deliveryStore(mongo.db);
  const accounts = accountStore(couriers.collection, mongo.db);
  const live = redisLive(redis, reach);
  const orders = deps.clientOf("order", deps.ORDER_URL);
  const deliveryStreams = startOwnerStreams({
    ...deps,
    event: "delivery",
    openMax: LIVE_MAX,
    channelOf: courierChannel,
    readChanged: changedDeliveries(deliveries),
  });
  const onChanged = ({ _id: id, courierId, orderVersion: version }: DeliveryDocument) => {
    if (!courierId) return;
    deliveryStreams.notify(courierId, { id, version });
    live.deliveryChanged(courierId, { id, version });
  };
  const follow = { couriers, deliveries, onFree: live.courierFree, onChanged };
  const sweep = startClaimSweep({ ...follow, log, everyMs: SWEEP_EVERY_MS });
  const countSignUp = signUpLimit(redis, "delivery", deps.SIGN_UPS_PER_HOUR);
  const verifyToken = tokenVerifier("delivery", {
    delivery: { roles: ["courier"], keys: keys.publicKeys },
    order: { roles: ["service"], keys: { url: deps.ORDER_URL } },
  });

  const app = baseApp(deps)
    .use(
      sessionRoutes({
        accounts,
        signToken,
        verifyToken,
        signInLimits: signInLimits(redis, "delivery"),
        role: "courier",
        plural: "couriers",
        audience: ["delivery", "order"],
        accessTtlSeconds: deps.ACCESS_TOKEN_SECONDS,
        servicesCall: true,
      }),
    )
    .use(courierRoutes({ ...reach, couriers, countSignUp, live, verifyToken }))
    .use(
      deliveryRoutes({
        ...follow,
        deliveryStreams,
        verifyToken,
        moveOrder: (orderId, action, request) => moveOrder(orders, orderId, action, request),
      }),
    )
    .use(
      dispatchRoutes({
        ...follow,
        ...reach,
        locks,
        verifyToken,
        onAssigned(delivery, { _id, location, locationAt }) {
          onChanged(delivery);
          live.courierAt(delivery.orderId, _id, fromPoint(location), locationAt ?? new Date());
        },
      }),
    );

  return {
    app: withSwagger(app, INFO),
    ensureIndexes: () =>
      Promise.all([accounts.ensureIndexes(), couriers.ensureIndexes(), deliveries.ensureIndexes()]),
    stop: () => Promise.all([sweep.stop(), deliveryStreams.stop()]),
  };
}
