import { accountFeatures } from "@food/shared/accounts/account-routes";
import { closingStore } from "@food/shared/accounts/deletion/closing";
import { deletionRoutes } from "@food/shared/accounts/deletion/routes";
import { signInLimits } from "@food/shared/accounts/limits";
import { secondFactorStore } from "@food/shared/accounts/second-factor/store";
import { accountIdOf, tokenVerifier } from "@food/shared/auth/tokens";
import { restaurantChannel } from "@food/shared/contracts/live";
import { OPEN_ORDERS_MAX } from "@food/shared/contracts/order";
import { withPages } from "@food/shared/http/openapi/pages";
import { startOwnerStreams } from "@food/shared/live/owner-streams";
import { currentScope } from "@food/shared/observe/request-scope";
import { measureOutboxes } from "@food/shared/outbox/measure-outbox";
import { withDirectReads } from "@food/shared/service/direct-reads";
import { baseApp, type ServiceBase } from "@food/shared/service/service-base";
import { redisCache } from "@food/shared/storage/cache";
import { measureCache } from "@food/shared/storage/measure-cache";
import { rateLimit } from "@food/shared/storage/rate-limit";
import type { Subscriber } from "@food/shared/storage/redis";
import { access } from "./access.ts";
import { recorded } from "./activity.ts";
import { api } from "./api.ts";
import { startPopularity } from "./browse/popularity.ts";
import { browseRoutes, directBrowseReads } from "./browse/routes.ts";
import { storefront } from "./browse/storefront.ts";
import { changedOrders, orderOutcomes } from "./clients/orders.ts";
import { deleteRestaurant, startDeleting } from "./deleting/delete-restaurant.ts";
import { deletingStore } from "./deleting/store.ts";
import { dishRoutes } from "./dishes/routes.ts";
import { dishStore } from "./dishes/store.ts";
import { noticeRoutes } from "./notices/routes.ts";
import { optionGroupRoutes } from "./option-groups/routes.ts";
import { optionGroupStore } from "./option-groups/store.ts";
import { orderRoutes } from "./orders/routes.ts";
import { elsewhere, ownDataOf } from "./own-data.ts";
import { naming } from "./people/founder.ts";
import { isTaken, signUp } from "./people/sign-up.ts";
import { peopleStore } from "./people/store.ts";
import { quoteRoutes } from "./quotes/routes.ts";
import { restaurantRoutes } from "./restaurants/routes.ts";
import { OwnRestaurant, type RegisterRestaurant } from "./restaurants/schema.ts";
import { restaurantStore } from "./restaurants/store.ts";
import { ownView } from "./restaurants/view.ts";
import { searchRoutes } from "./search/routes.ts";
import { searchStore } from "./search/store.ts";
import { chooseRestaurant } from "./staff/choose-restaurant.ts";
import { INVITATIONS_PER_HOUR } from "./staff/invite.ts";
import { staffRoutes } from "./staff/routes.ts";
import { StaffSession, StaffSignIn } from "./staff/schema.ts";
import { teamStore } from "./staff/store.ts";
import { stockRoutes } from "./stock/routes.ts";
import { startStockChecks } from "./stock/settle-stock.ts";
import { stockStore } from "./stock/store.ts";
import { wordStore } from "./words/store.ts";

export interface RestaurantDeps extends ServiceBase {
  subscriber: Subscriber;
  CUSTOMER_URL: string;
  ORDER_URL: string;
  ACCESS_TOKEN_SECONDS: number;
  SESSION_MAX_DAYS: number;
  SIGN_UPS_PER_HOUR: number;
  /** For tests. */
  eraseAfterMs?: number;
  eraseEveryMs?: number;
}

export function restaurantApp(deps: RestaurantDeps) {
  const { mongo, redis, keys, log, metrics } = deps;
  const restaurants = restaurantStore(mongo.db);
  const dishes = dishStore(mongo.db);
  const optionGroups = optionGroupStore(restaurants.collection);
  const stock = stockStore(mongo.db);
  const words = wordStore(mongo.db);
  const people = peopleStore(mongo.db, {
    accessTtlSeconds: deps.ACCESS_TOKEN_SECONDS,
    maxDays: deps.SESSION_MAX_DAYS,
    tokenEnds: deps.tokenEnds,
  });
  const { accounts, moveOwner } = people;
  const teams = teamStore({ restaurants: restaurants.collection, moveOwner });
  const factors = secondFactorStore(mongo.db);
  const cache = redisCache(redis);
  measureCache(metrics, cache);
  const front = storefront({ cache, restaurants, dishes });
  const popularity = startPopularity({ redis, storefront: front, log });
  const orders = deps.clientOf("order", deps.ORDER_URL);
  const stockDeps = { stock, changed: front.dishesChanged, askOutcomes: orderOutcomes(orders) };
  const stockChecks = startStockChecks({ ...stockDeps, log });
  const orderStreams = startOwnerStreams({
    ...deps,
    event: "order",
    openMax: OPEN_ORDERS_MAX,
    channelOf: restaurantChannel,
    readChanged: changedOrders(orders),
  });
  const limits = signInLimits(deps);
  const register = async (body: RegisterRestaurant) => {
    const founder = { restaurants, people, signInLimits: limits };
    const restaurant = await signUp(founder, body, currentScope()?.remoteAddress() ?? "");
    await front.restaurantChanged(restaurant._id);
    return ownView(restaurant, new Date());
  };
  const features = accountFeatures({
    ...deps,
    db: mongo.db,
    accounts,
    signInLimits: limits,
    role: "restaurant",
    plural: "restaurants",
    audience: ["restaurant", "order"],
    recorded,
    ownData: ownDataOf,
    elsewhere,
    acting: {
      choose: chooseRestaurant({ teams, moveOwner, factors }),
      requiringSecondFactor: teams.requiringSecondFactor,
      refusals: ["NOT_STAFF"],
      signIn: StaffSignIn,
      field: "restaurantId",
      session: StaffSession,
    },
    signUp: { register, answer: OwnRestaurant, isTaken: (email) => isTaken({ restaurants, people }, email) },
  });
  const invitationLimit = rateLimit(redis, "invitations", { max: INVITATIONS_PER_HOUR, windowMs: 3_600_000 });
  const verifyToken = naming(
    tokenVerifier(
      "restaurant",
      {
        restaurant: { roles: ["restaurant"], keys: keys.publicKeys },
        customer: { roles: ["service"], keys: { url: deps.CUSTOMER_URL } },
        order: { roles: ["service"], keys: { url: deps.ORDER_URL } },
      },
      deps.tokenEnds,
    ),
  );

  const deleting = deletingStore(mongo.db);
  const deletion = {
    ...{ ...deps, deleting, closing: closingStore(restaurants.collection), people, teams, orders },
    changed: front.restaurantChanged,
  };
  const deletions = startDeleting(deletion);
  deps.metrics.dependencies.set("redis_subscriptions", () => deps.subscriber.status === "ready");
  measureOutboxes(deps, { deletions });

  const browsing = { storefront: front, popularity };
  const app = baseApp(deps, { access, verifyToken })
    .use(features.routes)
    .use(
      restaurantRoutes({
        restaurants,
        signUps: features.signUps,
        changed: front.restaurantChanged,
      }),
    )
    .use(
      deletionRoutes({
        ...{ accounts, signInLimits: limits, plural: "restaurants" },
        deleteOwn: (caller) => deleteRestaurant(deletion, caller.id, accountIdOf(caller)),
        refusal:
          "People who work in no other restaurant lose their accounts. 409 while an order is under way.",
        refusals: ["ORDERS_UNDER_WAY", "ACCOUNT_CLOSING"],
      }),
    )
    .use(
      staffRoutes({
        ...{ ...deps, teams, people, factors, signInLimits: limits, invitationLimit },
        requireSecondFactor: features.requireSecondFactor,
      }),
    )
    .use(dishRoutes({ dishes, optionGroups, unlimit: stock.unlimit, changed: front.dishesChanged }))
    .use(optionGroupRoutes({ dishes, optionGroups, changed: front.dishesChanged }))
    .use(searchRoutes({ search: searchStore(mongo.db), words }))
    .use(browseRoutes(browsing))
    .use(stockRoutes({ ...stockDeps, restaurants, dishes }))
    .use(quoteRoutes({ restaurants, dishes, stock, changed: front.dishesChanged }))
    .use(noticeRoutes({ teams, people, mailer: deps.mailer }))
    .use(orderRoutes({ orders, orderStreams, tickets: deps.tickets }));

  return {
    app: withDirectReads(
      withPages(app, api, access, deps.swagger),
      deps,
      access,
      directBrowseReads(browsing),
    ),
    ensureIndexes: () =>
      Promise.all([
        accounts.ensureIndexes(),
        teams.ensureIndexes(),
        features.ensureIndexes(),
        restaurants.ensureIndexes().then(restaurants.refreshTerms),
        dishes.ensureIndexes().then(dishes.refreshTerms),
        words.ensureIndexes(),
        stock.ensureIndexes(),
        deleting.ensureIndexes(),
      ]),
    stop: () =>
      Promise.all([
        deletions.stop(),
        popularity.stop(),
        orderStreams.stop(),
        stockChecks.stop(),
        features.stop(),
      ]),
  };
}
