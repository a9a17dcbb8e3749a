import { accountFeatures } from "@food/shared/accounts/account-routes";
import { closingStore } from "@food/shared/accounts/deletion/closing";
import { startDeletion } from "@food/shared/accounts/deletion/deletion";
import { deletionRoutes } from "@food/shared/accounts/deletion/routes";
import { signInLimits } from "@food/shared/accounts/limits";
import { accountStore } from "@food/shared/accounts/store";
import { tokenVerifier } from "@food/shared/auth/tokens";
import { withPages } from "@food/shared/http/openapi/pages";
import { measureOutboxes } from "@food/shared/outbox/measure-outbox";
import { baseApp, type ServiceBase } from "@food/shared/service/service-base";
import { access } from "./access.ts";
import { recorded } from "./activity.ts";
import { addressRoutes } from "./addresses/routes.ts";
import { addressStore } from "./addresses/store.ts";
import { api } from "./api.ts";
import { browseRoutes } from "./browse/routes.ts";
import { customerRoutes } from "./customers/routes.ts";
import { Customer, type RegisterCustomer } from "./customers/schema.ts";
import { signUp } from "./customers/sign-up.ts";
import { customerStore } from "./customers/store.ts";
import { deleteCustomer, eraseCustomer } from "./deleting/delete-customer.ts";
import { orderRoutes } from "./orders/routes.ts";
import { elsewhere, ownData } from "./own-data.ts";
import { quoteRoutes } from "./quotes/routes.ts";

export interface CustomerDeps extends ServiceBase {
  RESTAURANT_URL: string;
  ORDER_URL: string;
  ACCESS_TOKEN_SECONDS: number;
  SESSION_MAX_DAYS: number;
  SIGN_UPS_PER_HOUR: number;
  /** For tests. */
  eraseAfterMs?: number;
  eraseEveryMs?: number;
}

export function customerApp(deps: CustomerDeps) {
  const { mongo, keys, tokenEnds } = deps;
  const customers = customerStore(mongo.db);
  const accounts = accountStore(customers.collection, mongo.db, {
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
    role: "customer",
    plural: "customers",
    audience: ["customer", "order"],
    recorded,
    ownData: () => ownData,
    elsewhere,
    signUp: { register: (body: RegisterCustomer) => signUp(customers, body), answer: Customer },
  });
  const addresses = addressStore(customers.collection);
  const verifyToken = tokenVerifier(
    "customer",
    {
      customer: { roles: ["customer"], keys: keys.publicKeys },
      order: { roles: ["service"], keys: { url: deps.ORDER_URL } },
    },
    tokenEnds,
  );
  const restaurants = deps.clientOf("restaurant", deps.RESTAURANT_URL);
  const orders = deps.clientOf("order", deps.ORDER_URL);

  const closing = closingStore(customers.collection);
  const deletion = startDeletion({
    ...{ ...deps, db: mongo.db, accounts, collection: customers.collection },
    erase: (customerId) => eraseCustomer(orders, customerId),
  });

  measureOutboxes(deps, { deletions: deletion.worker });

  const app = baseApp(deps, { access, verifyToken })
    .use(features.routes)
    .use(
      deletionRoutes({
        ...{ accounts, signInLimits: limits, plural: "customers" },
        deleteOwn: ({ id }) => deleteCustomer({ closing, deletion, orders }, id),
        refusal: "409 while an order is under way.",
        refusals: ["ORDERS_UNDER_WAY", "ACCOUNT_CLOSING"],
      }),
    )
    .use(customerRoutes({ customers, signUps: features.signUps }))
    .use(addressRoutes({ addresses }))
    .use(browseRoutes({ restaurants }))
    .use(quoteRoutes({ restaurants, addresses }))
    .use(orderRoutes({ orders, addresses, closing }));

  return {
    app: withPages(app, api, access, deps.swagger),
    ensureIndexes: () =>
      Promise.all([accounts.ensureIndexes(), features.ensureIndexes(), deletion.ensureIndexes()]),
    stop: () => Promise.all([deletion.worker.stop(), features.stop()]),
  };
}
