// Restaurants to delete over HTTP, and an order service with their open orders in memory, for tests.
import type { Problem } from "@food/shared/http/problem";
import { eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { founderOf } from "../people/founder.ts";
import {
  BERLIN,
  type Member,
  PASSWORD,
  type ReceivedCall,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { invitationsOf } from "../staff/invitations.builder.ts";

function orderBook() {
  const open = new Map<string, { restaurantId: string; status: string }>();
  /** The move that ended each order. */
  const ended = new Map<string, string>();
  /** Restaurants whose webhooks are removed. */
  const erased = new Set<string>();
  function place(restaurantId: string, status = "pending"): string {
    const orderId = newId("ord");
    open.set(orderId, { restaurantId, status });
    return orderId;
  }
  function answer({ route, query }: ReceivedCall): Response {
    const [method, path = ""] = route.split(" ");
    if (method === "PUT") {
      erased.add(path.split("/")[3] ?? "");
      return Response.json({ remaining: 0 });
    }
    if (method === "POST") {
      const [, , , orderId = "", action = ""] = path.split("/");
      open.delete(orderId);
      ended.set(orderId, action);
      return Response.json({});
    }
    const items = [...open]
      .filter(([, { restaurantId }]) => restaurantId === query.actorId)
      .map(([orderId, { status }]) => ({ orderId, status }));
    return Response.json({ items, nextCursor: null });
  }
  return { open, ended, erased, place, answer };
}

export async function startDeletable() {
  const book = orderBook();
  const service: RestaurantService = await startRestaurantService({ sendsMail: true, eraseAfterMs: 0 });
  service.answers.order = book.answer;
  const collection = (name: string) => service.base.mongo.db.collection<{ _id: string }>(name);
  const stored = (restaurantId: string) => collection("restaurants").findOne({ _id: restaurantId });
  const remove = ({ token }: Pick<Member, "token">, currentPassword: unknown = PASSWORD) =>
    service.call<Problem>("DELETE /v1/restaurants/me", { token, body: { currentPassword } });
  /** Like `join`, with people who can sign in. */
  async function founded() {
    const restaurant = await service.signUp();
    await collection("restaurants").updateOne(
      { _id: restaurant.restaurantId },
      { $set: { acceptingOrders: true } },
    );
    const dish = await service.addDish(restaurant, { name: `Dish ${newId("name")}` });
    return { ...restaurant, staffId: founderOf(restaurant.restaurantId), dish };
  }
  const quote = async ({ restaurantId, dish }: { restaurantId: string; dish: { dishId: string } }) =>
    service.call<Problem>("POST /internal/quotes", {
      token: await service.order.serviceToken("restaurant"),
      body: {
        restaurantId,
        items: [{ dishId: dish.dishId, quantity: 1 }],
        dropoff: BERLIN,
        orderId: newId("ord"),
      },
    });
  const isFinished = (restaurantId: string) =>
    eventually(async () => {
      const record = (await collection("deletions").findOne({ _id: restaurantId })) as { outbox?: [] } | null;
      return record && !("staffIds" in record) && record.outbox?.length === 0;
    });
  return {
    service,
    book,
    acting: invitationsOf(service),
    collection,
    stored,
    remove,
    founded,
    quote,
    isFinished,
  };
}

export type Deletable = Awaited<ReturnType<typeof startDeletable>>;
