import { accountFeatures } from "@food/shared/accounts/account-routes";
import { startDeletion } from "@food/shared/accounts/deletion/deletion";
import { deletionRoutes } from "@food/shared/accounts/deletion/routes";
import { signInLimits } from "@food/shared/accounts/limits";
import { accountStore } from "@food/shared/accounts/store";
import { tokenVerifier } from "@food/shared/auth/tokens";
import { courierChannel } from "@food/shared/contracts/live";
import type { MoveQuery, MoveRequest } from "@food/shared/contracts/order";
import { withPages } from "@food/shared/http/openapi/pages";
import { startOwnerStreams } from "@food/shared/live/owner-streams";
import { measureOutboxes } from "@food/shared/outbox/measure-outbox";
import { baseApp, type ServiceBase } from "@food/shared/service/service-base";
import type { Subscriber } from "@food/shared/storage/redis";
import { fromPoint } from "@food/shared/values/geo";
import { access } from "./access.ts";
import { recorded } from "./activity.ts";
import { api } from "./api.ts";
import { startTripArchive } from "./archive/archive-trips.ts";
import { type Asked, eraseCourierAt, moveOrder, readOrder, tipOf } from "./clients/orders.ts";
import { capacitiesIn } from "./config.ts";
import { redisLive } from "./couriers/report-location.ts";
import { courierRoutes } from "./couriers/routes.ts";
import { Courier, type RegisterCourier } from "./couriers/schema.ts";
import { signUp } from "./couriers/sign-up.ts";
import { courierStore } from "./couriers/store.ts";
import { changedDeliveries } from "./deliveries/changed-deliveries.ts";
import { deliveryRoutes } from "./deliveries/routes.ts";
import { dispatchRoutes } from "./dispatch/routes.ts";
import { deleteCourier, eraseCourier } from "./erasing/delete-courier.ts";
import { erasureStore } from "./erasing/store.ts";
import { elsewhere, ownData } from "./own-data.ts";
import { startSilenceSweep } from "./trips/release-silent.ts";
import { tripRoutes } from "./trips/routes.ts";
import { tripStore } from "./trips/store.ts";
import { startClaimSweep } from "./trips/sweep-claims.ts";
import type { DeliveryOnTrip, TripDocument } from "./trips/trip.ts";

export interface DeliveryDeps extends ServiceBase {
  subscriber: Subscriber;
  ORDER_URL: string;
  ACCESS_TOKEN_SECONDS: number;
  SESSION_MAX_DAYS: number;
  SIGN_UPS_PER_HOUR: number;
  MAX_PICKUP_DISTANCE_METERS: number;
  POSITION_MAX_AGE_SECONDS: number;
  VEHICLE_CAPACITIES: string;
  ARCHIVE_AFTER_DAYS: number;
  /** How long after its start a process begins to archive, for tests. */
  archiveFromMs?: number;
  /** For tests. */
  eraseAfterMs?: number;
  eraseEveryMs?: number;
}

/** More than the maximum number of live deliveries of a courier. */
const LIVE_MAX = 100;
const SWEEP_EVERY_MS = 5_000;
const SILENCE_EVERY_MS = 10_000;

export function deliveryApp(deps: DeliveryDeps) {
  const { mongo, redis, locks, log, keys, tokenEnds } = deps;
  const reach = {
    maxPickupMeters: deps.MAX_PICKUP_DISTANCE_METERS,
    positionMaxAgeMs: deps.POSITION_MAX_AGE_SECONDS * 1000,
  };
  const couriers = courierStore(mongo.db, reach.positionMaxAgeMs);
  const trips = tripStore(mongo.db);
  const capacities = capacitiesIn(deps.VEHICLE_CAPACITIES);
  const accounts = accountStore(couriers.collection, mongo.db, {
    accessTtlSeconds: deps.ACCESS_TOKEN_SECONDS,
    maxDays: deps.SESSION_MAX_DAYS,
    tokenEnds,
  });
  const limits = signInLimits(deps);
  const features = accountFeatures({
    ...deps,
    db: mongo.db,
    accounts,
    signInLimits: limits,
    role: "courier",
    plural: "couriers",
    audience: ["delivery", "order"],
    recorded,
    ownData: () => ownData,
    elsewhere,
    signUp: { register: (body: RegisterCourier) => signUp(couriers, body), answer: Courier },
  });
  const live = redisLive(redis, reach);
  const orders = deps.clientOf("order", deps.ORDER_URL);
  const deliveryStreams = startOwnerStreams({
    ...deps,
    event: "delivery",
    openMax: LIVE_MAX,
    channelOf: courierChannel,
    readChanged: changedDeliveries(couriers, trips),
  });
  /** Also publishes the remaining deliveries of the trip: their place in the sequence may have changed. */
  const tell = (trip: TripDocument, deliveryIds: string[]) => {
    const { courierId, version } = trip;
    if (!courierId) return;
    for (const id of deliveryIds) {
      deliveryStreams.notify(courierId, { id, version });
      live.deliveryChanged(courierId, { id, version });
    }
  };
  const progress = {
    couriers,
    trips,
    onFree: live.courierFree,
    onChanged({ trip, delivery }: DeliveryOnTrip) {
      const others = trip.deliveries.filter((one) => one.live && one !== delivery);
      tell(
        trip,
        [delivery, ...others].map(({ deliveryId }) => deliveryId),
      );
    },
  };
  const erasure = erasureStore(trips);
  const deletion = startDeletion({
    ...{ ...deps, db: mongo.db, accounts, collection: couriers.collection },
    erase: (courierId) => eraseCourier({ erasure, eraseAt: eraseCourierAt(orders) }, courierId),
  });
  const settling = {
    ...progress,
    readOrder: (orderId: string, courierId: string) => readOrder(orders, orderId, courierId),
  };
  const sweep = startClaimSweep({ ...settling, log, everyMs: SWEEP_EVERY_MS });
  const archiving = startTripArchive({ ...deps, trips });
  const verifyToken = tokenVerifier(
    "delivery",
    {
      delivery: { roles: ["courier"], keys: keys.publicKeys },
      order: { roles: ["service"], keys: { url: deps.ORDER_URL } },
    },
    tokenEnds,
  );

  const acting = {
    ...settling,
    moveOrder: (orderId: string, action: Asked, request: MoveRequest & MoveQuery) =>
      moveOrder(orders, orderId, action, request),
  };

  const silence = startSilenceSweep({ ...acting, ...reach, log, everyMs: SILENCE_EVERY_MS });

  deps.metrics.dependencies.set("redis_subscriptions", () => deps.subscriber.status === "ready");
  measureOutboxes(deps, { deletions: deletion.worker });

  const app = baseApp(deps, { access, verifyToken })
    .use(features.routes)
    .use(
      deletionRoutes({
        ...{ accounts, signInLimits: limits, plural: "couriers" },
        deleteOwn: ({ id }) => deleteCourier({ deletion, couriers, trips }, id),
        refusal: "409 while I have a trip.",
        refusals: ["TRIP_UNDER_WAY"],
      }),
    )
    .use(courierRoutes({ ...reach, couriers, trips, signUps: features.signUps, live }))
    .use(
      deliveryRoutes({
        ...acting,
        tipOf: (...order) => tipOf(orders, ...order),
        deliveryStreams,
        tickets: deps.tickets,
      }),
    )
    .use(tripRoutes({ ...acting }))
    .use(
      dispatchRoutes({
        erasure,
        ...progress,
        ...reach,
        locks,
        capacityOf: (vehicle) => capacities[vehicle],
        onAssigned(trip, { _id, location, locationAt }) {
          tell(
            trip,
            trip.deliveries.flatMap(({ live, deliveryId }) => (live ? deliveryId : [])),
          );
          if (!location) return;
          for (const orderId of trip.liveOrderIds)
            live.courierAt(orderId, _id, fromPoint(location), locationAt ?? new Date());
        },
      }),
    );

  return {
    app: withPages(app, api, access, deps.swagger),
    ensureIndexes: () =>
      Promise.all([
        accounts.ensureIndexes(),
        features.ensureIndexes(),
        deletion.ensureIndexes(),
        couriers.ensureIndexes(),
        trips.ensureIndexes(),
      ]),
    stop: () =>
      Promise.all([
        deletion.worker.stop(),
        sweep.stop(),
        silence.stop(),
        archiving.stop(),
        deliveryStreams.stop(),
        features.stop(),
      ]),
  };
}
