// The restaurant service on a free port with a fake order service, for integration tests.
import { newTokenEnds } from "@food/shared/auth/token-ends";
import type { Actor } from "@food/shared/auth/tokens";
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { Dish } from "@food/shared/contracts/restaurant";
import type { Problem } from "@food/shared/http/problem";
import { type Mail, startMailer } from "@food/shared/mail/mailer";
import { connectSubscriber } from "@food/shared/storage/redis";
import { declareShards } from "@food/shared/testing/scattered";
import {
  type Answer,
  call,
  cleanUp,
  type FakeService,
  fakeService,
  freshMongoUrl,
  listen,
  testBase,
  testRedisUrl,
  untilReady,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type RestaurantDeps, restaurantApp } from "./app.ts";
import type { NewDish } from "./dishes/schema.ts";
import type { NewOptionGroup } from "./option-groups/schema.ts";
import { founderOf } from "./people/founder.ts";
import { peopleStore } from "./people/store.ts";
import type { OwnRestaurant, RegisterRestaurant } from "./restaurants/schema.ts";
import { derived, restaurantStore } from "./restaurants/store.ts";
import { shards } from "./shards.ts";
import { teamStore } from "./staff/store.ts";
import { newTeam, type StaffRole } from "./staff/team.ts";

/** The credentials of one restaurant. */
export interface Member {
  restaurantId: string;
  token: string;
  email: string;
}

export interface ReceivedCall {
  route: string;
  query: Record<string, string>;
  authorization: string;
  body: unknown;
}

type Route = `${string} /${string}`;
type Options = NonNullable<Parameters<typeof call>[2]>;

export interface RestaurantService {
  url: string;
  order: FakeService;
  customer: FakeService;
  /** The requests to the fake order service, newest last. */
  received: ReceivedCall[];
  /** How the fake responds. Tests replace this. */
  answers: { order: (asked: ReceivedCall) => Response | Promise<Response> };
  base: RestaurantDeps;
  call: <T = Problem>(route: Route, options?: Options) => Promise<Answer<T>>;
  register: (overrides?: Partial<RegisterRestaurant>) => Promise<Answer<OwnRestaurant & Problem>>;
  /** A token like those of the service's restaurants, of an older version without an actor. */
  tokenFor: (restaurantId: string, audience?: string, actor?: Actor) => Promise<string>;
  /** A new restaurant over the API, with its founder's token. */
  signUp: () => Promise<{ restaurantId: string; email: string; token: string }>;
  /** A new restaurant that takes orders, and its credentials. It cannot sign in: hashing a password is slow. */
  join: (overrides?: Partial<RegisterRestaurant>) => Promise<Member>;
  /** A person who works there, and cannot sign in either. */
  employ: (member: Member, role: StaffRole) => Promise<{ staffId: string; email: string; token: string }>;
  /** With `sendsMail`, the mails that were sent, newest last. */
  mails: Mail[];
  addDish: (member: Member, overrides?: Partial<NewDish>) => Promise<Dish>;
  addGroup: (member: Member, overrides?: Partial<NewOptionGroup>) => Promise<OptionGroup>;
}

/** Of a store that stands beside the service. */
export const SESSION_OPTIONS = { accessTtlSeconds: 900, maxDays: 90, tokenEnds: newTokenEnds() };
export const PASSWORD = "correct horse battery";

export const BERLIN = { lat: 52.52, lng: 13.405 };

export const aRestaurant = (overrides: Partial<RegisterRestaurant> = {}): RegisterRestaurant => ({
  email: `${newId("mail")}@example.com`,
  password: PASSWORD,
  name: "Da Enzo",
  cuisines: ["Italian"],
  phone: "+49 30 1234567",
  address: {
    line1: "Torstraße 1",
    city: "Berlin",
    postalCode: "10119",
    country: "DE",
    location: BERLIN,
  },
  currency: "EUR",
  deliveryRadiusMeters: 5_000,
  deliveryFeeCents: 250,
  prepMinutes: 20,
  ...overrides,
});

export const addressed = (change: Record<string, unknown>) => ({
  address: { ...aRestaurant().address, ...change } as RegisterRestaurant["address"],
});
export const located = (location: { lat: number; lng: number }) => addressed({ location });

export const aDish = (overrides: Partial<NewDish> = {}): NewDish => ({
  name: "Margherita",
  description: "Tomatoes, mozzarella, basil",
  category: "Pizza",
  priceCents: 950,
  available: true,
  ...overrides,
});

/** Sizes: exactly one of two. */
export const anOptionGroup = (overrides: Partial<NewOptionGroup> = {}): NewOptionGroup => ({
  name: "Size",
  minSelections: 1,
  maxSelections: 1,
  options: [
    { name: "Small", priceCents: 0 },
    { name: "Large", priceCents: 300 },
  ],
  ...overrides,
});

/** Expects two requests to get the same refusal. */
export const withoutRequestId = ({ status, body }: Answer<Problem>) => ({
  status,
  body: { ...body, requestId: "" },
});

/** A service with the same `mongoUrl` and `peer` is another replica. */
export async function startRestaurantService(
  options: Parameters<typeof testBase>[1] & {
    peer?: RestaurantService;
    signUpsPerHour?: number;
    sendsMail?: boolean;
    eraseAfterMs?: number;
  } = {},
): Promise<RestaurantService> {
  const { redisUrl = testRedisUrl(), mongoUrl = freshMongoUrl(), config = {}, peer } = options;
  const received: ReceivedCall[] = [];
  const answers: RestaurantService["answers"] = { order: () => Response.json({}) };
  const order = await fakeService("order", async (request, path) => {
    const text = await request.text();
    const asked: ReceivedCall = {
      route: `${request.method} ${path}`,
      query: Object.fromEntries(new URL(request.url).searchParams),
      authorization: request.headers.get("authorization") ?? "",
      body: text === "" ? undefined : JSON.parse(text),
    };
    received.push(asked);
    return answers.order(asked);
  });
  const customer = await fakeService("customer");
  declareShards(shards);
  const own = await testBase("restaurant", { redisUrl, mongoUrl, config });
  const subscriber = connectSubscriber(redisUrl, own.log);
  cleanUp(() => subscriber.disconnect());
  const mails: Mail[] = [];
  const sendMail = async (mail: Mail) => void mails.push(mail);
  const base: RestaurantDeps = {
    ...own,
    ...(options.eraseAfterMs !== undefined && { eraseAfterMs: options.eraseAfterMs, eraseEveryMs: 20 }),
    ...(options.sendsMail && { mailer: startMailer({ sendMail, close: () => {} }, own.log) }),
    subscriber,
    // Replicas share one signing key.
    ...(peer && { keys: peer.base.keys, signToken: peer.base.signToken }),
    CUSTOMER_URL: customer.url,
    ORDER_URL: order.url,
    ACCESS_TOKEN_SECONDS: 900,
    SESSION_MAX_DAYS: 90,
    SIGN_UPS_PER_HOUR: options.signUpsPerHour ?? 1_000_000,
  };
  const url = await listen(own, restaurantApp(base));
  // Waits until the app's subscriptions are active.
  await untilReady(subscriber, redisUrl);
  const ask: RestaurantService["call"] = (route, asked) => call(url, route, asked);
  const tokenFor: RestaurantService["tokenFor"] = (subject, audience = "restaurant", actor?) =>
    base.signToken({
      ...{ subject, role: "restaurant", audience: [audience], ttlSeconds: 300 },
      ...(actor && { actor }),
    });
  const register: RestaurantService["register"] = (overrides) =>
    ask("POST /v1/restaurants", { body: aRestaurant(overrides) });

  return {
    url,
    order,
    customer,
    received,
    answers,
    mails,
    base,
    call: ask,
    register,
    tokenFor,
    async signUp() {
      const { email, password } = aRestaurant();
      const { restaurantId } = (await register({ email, password })).body;
      const session = await ask<{ accessToken: string }>("POST /v1/sessions", { body: { email, password } });
      return { restaurantId, email, token: session.body.accessToken };
    },
    async join(overrides) {
      const { password: _, ...profile } = aRestaurant(overrides);
      const restaurantId = newId("rst");
      const { email } = await restaurantStore(base.mongo.db).add({
        _id: restaurantId,
        ...profile,
        ...derived(profile),
        team: newTeam(founderOf(restaurantId), new Date()),
        acceptingOrders: true,
        createdAt: new Date(),
      });
      return { restaurantId, email, token: await tokenFor(restaurantId) };
    },
    async employ({ restaurantId }, role) {
      const { db } = base.mongo;
      const people = peopleStore(db, { accessTtlSeconds: 0, maxDays: 90, tokenEnds: base.tokenEnds });
      const staffId = newId("stf");
      const email = `${newId("mail")}@example.com`;
      await people.add({ _id: staffId, email, passwordHash: "", createdAt: new Date() });
      const teams = teamStore({ restaurants: restaurantStore(db).collection, moveOwner: people.moveOwner });
      const since = new Date();
      await teams.change(restaurantId, (team) => ({
        ...team,
        members: [...team.members, { staffId, role, since }],
      }));
      const token = await tokenFor(restaurantId, "restaurant", { id: staffId, staffRole: role });
      return { staffId, email, token };
    },
    addDish: async ({ token }, overrides) =>
      (await ask<Dish>("POST /v1/restaurants/me/dishes", { token, body: aDish(overrides) })).body,
    addGroup: async ({ token }, overrides) => {
      const body = anOptionGroup(overrides);
      return (await ask<OptionGroup>("POST /v1/restaurants/me/option-groups", { token, body })).body;
    },
  };
}
