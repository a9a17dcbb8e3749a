// Two accounts of each role. The first of each has data of every kind, on which the second must have no effect.
import { readSigningKeys, SERVICE_ROLE, tokenSigner } from "@food/shared/auth/tokens";
import type { Order } from "@food/shared/contracts/order";
import { type Inbox, mailConfig, mailsTo, startInbox } from "@food/shared/testing/inbox";
import { call, eventually } from "@food/shared/testing/tools";
import { newId } from "@food/shared/values/id";
import {
  type Actor,
  courierOnDuty,
  expectStatus,
  FIRST_OPERATOR,
  newCustomer,
  openRestaurant,
  PASSWORD,
  twoOperators,
} from "../actors.ts";
import { courierOf } from "../dinner.ts";
import {
  type Platform,
  type PlatformOptions,
  SERVICES,
  type ServiceName,
  startPlatform,
} from "../platform.ts";

export type Role = "customer" | "restaurant" | "courier" | "operator";

/** Values for the parameters of paths. */
export type Ids = Record<string, string>;

export interface Cast {
  urls: Platform["urls"];
  accounts: Record<Role, { own: Actor; other: Actor }>;
  /** What the first accounts own. */
  ids: Ids;
  /** A second session of each first account. */
  sessions: Record<Role, string>;
  /** Ids of the same form that name nothing. */
  missing: Ids;
  /** A token of an account that expired a minute ago. */
  expired: (role: Role) => Promise<string>;
  /** A token of a member of the restaurant's staff. */
  staff: (staffRole: string) => Promise<string>;
  /** A service's own token. */
  service: (issuer: ServiceName, audience: string, ttlSeconds?: number) => Promise<string>;
}

export const ISSUER: Record<Role, ServiceName> = {
  customer: "customer",
  restaurant: "restaurant",
  courier: "delivery",
  operator: "order",
};

export interface PlatformWithMail extends Platform {
  inbox: Inbox;
}

/** A platform that can send mail, until the test file ends. */
export async function startWithMail(options: PlatformOptions = {}): Promise<PlatformWithMail> {
  const { cleanUp } = await import("@food/shared/testing/service");
  const inbox = await startInbox();
  // Stops after the platform, whose connections it would wait for.
  cleanUp(inbox.stop);
  const platform = await startPlatform({
    ...options,
    environment: { ...mailConfig(inbox), ...FIRST_OPERATOR },
  });
  return { ...platform, inbox };
}

/** A person who works in the restaurant, and an open invitation. */
async function hire({ urls, inbox }: PlatformWithMail, restaurant: Actor) {
  const invite = async (email: string) =>
    expectStatus(
      await restaurant.send<{ invitationId: string }>("POST /v1/restaurants/me/staff/invitations", {
        ...{ email, role: "kitchen" },
      }),
      202,
    );
  const email = `${newId("guest")}@example.com`;
  await invite(email);
  const token = await eventually(async () => mailsTo(inbox, email)[0]?.links[0]?.split("#token=")[1]);
  const accepted = await call<{ staffId: string }>(urls.restaurant, "POST /v1/staff/invitations/accept", {
    body: { token, name: "Kit", password: PASSWORD },
  });
  const { staffId } = expectStatus(accepted, 200);
  const { invitationId } = await invite(`${newId("guest")}@example.com`);
  return { staffId, invitationId };
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
/** The person that a token speaks for. */
const actorIn = (token: string): string => claimsOf(token).act.sub;

/** Signs in once more, and returns the id of that session. */
async function openSession(url: string, { email }: Actor): Promise<string> {
  const body = { email, password: PASSWORD };
  const signedIn = await call<{ accessToken: string }>(url, "POST /v1/sessions", { body });
  return claimsOf(expectStatus(signedIn, 201).accessToken).sid;
}

const FAR_AWAY = { lat: 48.14, lng: 11.58 };

export async function openCast(platform: PlatformWithMail): Promise<Cast> {
  const { urls, signingKeys } = platform;
  const [restaurant, otherRestaurant, customer, otherCustomer, courier, otherCourier] = await Promise.all([
    openRestaurant(platform),
    openRestaurant(platform),
    newCustomer(platform),
    newCustomer(platform),
    courierOnDuty(platform),
    courierOnDuty(platform, FAR_AWAY),
  ]);
  const group = expectStatus(
    await restaurant.send<{ optionGroupId: string; options: { optionId: string }[] }>(
      "POST /v1/restaurants/me/option-groups",
      {
        ...{ name: "Size", minSelections: 1, maxSelections: 1 },
        options: [
          { name: "Small", priceCents: 0 },
          { name: "Large", priceCents: 300 },
        ],
      },
    ),
    201,
  );
  const { staffId, invitationId } = await hire(platform, restaurant);
  const asOwner = { token: restaurant.token };
  const { webhookId } = expectStatus(
    await call<{ webhookId: string }>(urls.order, "POST /v1/webhooks", {
      ...asOwner,
      body: { url: "https://hooks.example.com/" },
    }),
    201,
  );
  const { messageId } = expectStatus(
    await call<{ messageId: string }>(urls.order, `POST /v1/webhooks/${webhookId}/test`, asOwner),
    202,
  );
  const { orderId } = expectStatus(await customer.order(restaurant), 201);
  expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/prepare`, { prepMinutes: 10 }), 200);
  const { deliveryId } = await courierOf({ restaurant, customer, couriers: [courier] }, orderId);
  expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/ready`), 200);
  const { tripId } = await eventually(async () => {
    const trip = await courier.send<{ tripId: string }>("GET /v1/couriers/me/trip");
    return trip.status === 200 && trip.body;
  });
  // The courier's copy of the order must be ready before the pickup.
  await eventually(async () => (await customer.send<Order>(`GET /v1/orders/${orderId}`)).body.courier);

  const signers = Object.fromEntries(
    await Promise.all(
      SERVICES.map(
        async (name) => [name, tokenSigner(name, await readSigningKeys(signingKeys[name]))] as const,
      ),
    ),
  );
  const sign = (issuer: ServiceName, claims: Parameters<ReturnType<typeof tokenSigner>>[0]) => {
    const signer = signers[issuer];
    if (!signer) throw new Error(`There is no key of ${issuer}`);
    return signer(claims);
  };
  const accounts = {
    customer: { own: customer, other: otherCustomer },
    restaurant: { own: restaurant, other: otherRestaurant },
    courier: { own: courier, other: otherCourier },
    operator: await twoOperators(platform),
  };

  const [customerSession, restaurantSession, courierSession, operatorSession] = await Promise.all([
    openSession(urls.customer, customer),
    openSession(urls.restaurant, restaurant),
    openSession(urls.delivery, courier),
    openSession(urls.order, accounts.operator.own),
  ]);

  return {
    urls,
    accounts,
    sessions: {
      ...{ customer: customerSession, restaurant: restaurantSession },
      ...{ courier: courierSession, operator: operatorSession },
    },
    ids: {
      ...{ orderId, deliveryId, tripId, addressId: customer.addressId, restaurantId: restaurant.id },
      ...{ dishId: restaurant.dishIds[0] ?? "", optionGroupId: group.optionGroupId, staffId, invitationId },
      // Their data is erased: the accounts of the cast are needed to the end.
      ...{ customerId: newId("cus"), courierId: newId("crr") },
      ...{ webhookId, messageId },
      ...{ optionId: group.options[0]?.optionId ?? "", sessionId: customerSession },
    },
    missing: {
      ...{ orderId: newId("ord"), deliveryId: newId("dlv"), tripId: newId("trp"), addressId: newId("adr") },
      ...{ restaurantId: newId("rst"), dishId: newId("dsh"), optionGroupId: newId("ogp") },
      ...{ webhookId: newId("whk"), messageId: newId("msg") },
      ...{ optionId: newId("opt"), staffId: newId("stf"), invitationId: newId("inv") },
      sessionId: newId("ses"),
    },
    expired: (role) =>
      sign(ISSUER[role], {
        ...{ subject: accounts[role].own.id, role, ttlSeconds: -60 },
        audience: [ISSUER[role], "order"],
      }),
    staff: (staffRole) =>
      sign("restaurant", {
        ...{ subject: restaurant.id, role: "restaurant", ttlSeconds: 300 },
        ...{
          audience: ["restaurant", "order"],
          actor: { id: staffRole === "owner" ? actorIn(restaurant.token) : newId("stf"), staffRole },
        },
      }),
    service: (issuer, audience, ttlSeconds = 300) =>
      sign(issuer, { subject: issuer, role: SERVICE_ROLE, audience: [audience], ttlSeconds }),
  };
}
