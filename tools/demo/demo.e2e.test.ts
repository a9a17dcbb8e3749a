// A small part of the demo town, much faster than life, until dinner is at a door.
import { expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { describeWithDatabases } from "@food/shared/testing/service";
import { eventually } from "@food/shared/testing/tools";
import type { Page } from "@food/shared/values/page";
import { startPlatform } from "../../e2e/platform.ts";
import { apiClient } from "../replay/api.ts";
import { liveAsCouriers } from "./actors/couriers.ts";
import { liveAsCustomers } from "./actors/customers.ts";
import { liveAsKitchens } from "./actors/kitchens.ts";
import { startPace } from "./actors/pace.ts";
import { seedTown } from "./seed.ts";
import { couriers, customers, restaurants } from "./town.ts";

const SPEED = 400;
const TEST_MS = 180_000;

describeWithDatabases("the demo town", () => {
  test(
    "orders, cooks, rides and hands over, and refuses no call that it did not expect",
    async () => {
      const api = apiClient((await startPlatform()).urls);
      const part = {
        ...{
          restaurants: restaurants.slice(0, 2),
          couriers: couriers.slice(0, 3),
          customers: customers.slice(0, 3),
        },
      };
      await seedTown(api, part);
      const town = await seedTown(api, part);
      const pace = startPace(SPEED);
      const living = [liveAsCustomers(town, pace, 1), liveAsKitchens(town, pace), liveAsCouriers(town, pace)];
      const isDelivered = async ({ session }: (typeof town.customers)[number]) => {
        const page = await session.require<Page<Order>>({
          method: "GET",
          path: "/v1/orders?status=delivered",
        });
        return page.items.length > 0;
      };
      await eventually(
        async () => (await Promise.all(town.customers.map(isDelivered))).includes(true),
        TEST_MS / 2,
      );
      pace.stop();
      await Promise.all(living);
      expect([...api.traffic.errors]).toEqual([]);
    },
    TEST_MS,
  );
});
