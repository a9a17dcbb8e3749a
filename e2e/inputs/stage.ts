// A running platform with one dinner served and one on its way, and everybody's tokens.
import { readSigningKeys, SERVICE_ROLE, tokenSigner } from "@food/shared/auth/tokens";
import { type Answer, eventually } from "@food/shared/testing/tools";
import { type Actor, courierOnDuty, newCustomer, openRestaurant, twoOperators } from "../actors.ts";
import { courierOf, playOrder } from "../dinner.ts";
import { type Platform, SERVICES, type ServiceName } from "../platform.ts";
import type { Operation } from "./operations.ts";

export interface Stage {
  /** Every token by its owner's name; `nobody` has none. */
  tokens: Record<string, string | undefined>;
  /** Ids and other values that exist, gathered from answers. */
  known: string[];
  /** Everybody with an account, by the service that has it. */
  actors: Partial<Record<ServiceName, Actor>>;
  callersOf: (operation: Operation) => string[];
}

/** The ids, cursors and names within an answer. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string") return value.length <= 200 ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Where the accounts of a role are, when not in the service of its name. */
const SERVICE_OF: Record<string, ServiceName> = { courier: "delivery", operator: "order" };

const LISTS: Partial<Record<ServiceName, `GET /${string}`[]>> = {
  customer: ["GET /v1/customers/me", "GET /v1/orders", "GET /v1/restaurants?limit=1"],
  restaurant: ["GET /v1/restaurants/me", "GET /v1/restaurants/me/option-groups", "GET /v1/orders"],
  order: ["GET /v1/operators/me", "GET /v1/town"],
  delivery: ["GET /v1/couriers/me", "GET /v1/deliveries", "GET /v1/trips"],
};

export async function setStage(platform: Platform): Promise<Stage> {
  const [restaurant, customer, courier, operators] = await Promise.all([
    openRestaurant(platform),
    newCustomer(platform),
    courierOnDuty(platform),
    twoOperators(platform),
  ]);
  const group = {
    ...{ name: "Size", minSelections: 0, maxSelections: 1 },
    options: [{ name: "Large", priceCents: 300 }],
  };
  await restaurant.send("POST /v1/restaurants/me/option-groups", group);
  const dinner = { restaurant, customer, couriers: [courier] };
  await playOrder(dinner);
  const { body: underWay } = await customer.order(restaurant);
  await restaurant.send(`POST /v1/orders/${underWay.orderId}/accept`, { prepMinutes: 10 });
  await courierOf(dinner, underWay.orderId);
  await customer.order(restaurant);

  const actors = { customer, restaurant, order: operators.own, delivery: courier };
  const known = new Set<string>([...restaurant.dishIds, customer.addressId]);
  for (const [service, actor] of Object.entries(actors) as [keyof typeof actors, Actor][]) {
    known.add(actor.id);
    for (const route of LISTS[service] ?? []) {
      const { body }: Answer = await eventually(async () => {
        const answer = await actor.send(route);
        return answer.status !== 503 && answer;
      });
      for (const text of textsIn(body)) known.add(text);
    }
  }

  const services = await Promise.all(
    SERVICES.map(async (service): Promise<[string, string]> => {
      const sign = tokenSigner(service, await readSigningKeys(platform.signingKeys[service]));
      const claims = { subject: service, role: SERVICE_ROLE, audience: [...SERVICES], ttlSeconds: 900 };
      return [`service ${service}`, await sign(claims)];
    }),
  );
  const people = Object.entries(actors).map(([name, { token }]): [string, string] => [name, token]);
  const tokens = { nobody: undefined, ...Object.fromEntries([...people, ...services]) };

  return {
    tokens,
    known: [...known],
    actors,
    callersOf({ access }) {
      if ("anyone" in access) return ["nobody"];
      if ("services" in access) return access.services.map((name) => `service ${name}`);
      return access.roles.map((role) => SERVICE_OF[role] ?? role);
    },
  };
}
