// Signs up the demo town over the public API. What exists stays as it is, so it may run again and again.
import type { Dish, Restaurant } from "@food/shared/contracts/restaurant";
import type { Page } from "@food/shared/values/page";
import type { Api } from "../replay/api.ts";
import { Session } from "../replay/session.ts";
import { type DemoMenu, MENUS } from "./menus.ts";
import {
  addressOf,
  couriers,
  customers,
  type DemoCourier,
  type DemoRestaurant,
  type Inhabitant,
  restaurants,
} from "./town.ts";

export type Seeded<T extends Inhabitant> = T & { session: Session };

export interface Town {
  restaurants: Seeded<DemoRestaurant>[];
  couriers: Seeded<DemoCourier>[];
  customers: (Seeded<Inhabitant> & { addressId: string })[];
}

const DELIVERY_RADIUS_METERS = 4_000;

async function writeMenu({ session, kind, surchargeCents }: Seeded<DemoRestaurant>): Promise<void> {
  const post = <T>(path: string, body: object) =>
    session.require<T>({ method: "POST", path: `/v1/restaurants/me/${path}`, body });
  const path = "/v1/restaurants/me/dishes?limit=1";
  if ((await session.require<Page<Dish>>({ method: "GET", path })).items.length > 0) return;
  const { groups, dishes }: DemoMenu = MENUS[kind];
  const ids = new Map<string, string>();
  for (const group of groups)
    ids.set(group.name, (await post<{ optionGroupId: string }>("option-groups", group)).optionGroupId);
  for (const [position, { groups: offered = [], ...dish }] of dishes.entries()) {
    const optionGroups = offered.map((name) => ({ optionGroupId: ids.get(name) }));
    const priceCents = dish.priceCents + surchargeCents;
    await post("dishes", {
      ...{ ...dish, priceCents, available: true, sortOrder: position + 1 },
      ...(optionGroups.length > 0 && { optionGroups }),
    });
  }
}

async function openRestaurant(api: Api, restaurant: DemoRestaurant): Promise<Seeded<DemoRestaurant>> {
  const { account, name, phone, kind } = restaurant;
  const { cuisines, dishes }: DemoMenu = MENUS[kind];
  const session = await Session.register(api, account, "/v1/restaurants", {
    ...{ name, phone, cuisines, address: addressOf(restaurant), currency: "EUR" },
    ...{ deliveryRadiusMeters: DELIVERY_RADIUS_METERS, deliveryFeeCents: 190, prepMinutes: 12 },
    categoryOrder: [...new Set(dishes.map(({ category }) => category))],
  });
  const opened = { ...restaurant, session };
  await writeMenu(opened);
  const { acceptingOrders } = await session.require<Restaurant>({
    method: "GET",
    path: "/v1/restaurants/me",
  });
  if (!acceptingOrders)
    await session.require({
      ...{ method: "PUT", path: "/v1/restaurants/me/availability" },
      body: { acceptingOrders: true },
    });
  return opened;
}

async function signUpCourier(api: Api, courier: DemoCourier): Promise<Seeded<DemoCourier>> {
  const { account, name, phone, vehicle } = courier;
  return {
    ...courier,
    session: await Session.register(api, account, "/v1/couriers", { name, phone, vehicle }),
  };
}

async function signUpCustomer(api: Api, customer: Inhabitant) {
  const { account, name, phone } = customer;
  const session = await Session.register(api, account, "/v1/customers", { name, phone });
  const path = "/v1/customers/me/addresses";
  const { items } = await session.require<Page<{ addressId: string }>>({ method: "GET", path });
  const body = { label: "Home", ...addressOf(customer) };
  const { addressId } =
    items[0] ?? (await session.require<{ addressId: string }>({ method: "POST", path, body }));
  return { ...customer, session, addressId };
}

/** A few at once: each sign-up costs the service a password hash. */
const AT_ONCE = 4;
async function each<T, R>(all: T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE)
    done.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(run))));
  return done;
}

/** The whole town, or this part of it. */
export async function seedTown(api: Api, part = { restaurants, couriers, customers }): Promise<Town> {
  const [opened, riding, ordering] = await Promise.all([
    each(part.restaurants, (restaurant) => openRestaurant(api, restaurant)),
    each(part.couriers, (courier) => signUpCourier(api, courier)),
    each(part.customers, (customer) => signUpCustomer(api, customer)),
  ]);
  return { restaurants: opened, couriers: riding, customers: ordering };
}
