// Plays one order from the menu to the door with its three actors. Used under fault injection.
import type { Order } from "@food/shared/contracts/order";
import { type Answer, eventually } from "@food/shared/testing/tools";
import { type Actor, type Eater, expectStatus, type Kitchen } from "./actors.ts";

interface Delivery {
  deliveryId: string;
  orderId: string;
}

export interface OrderActors {
  restaurant: Kitchen;
  customer: Eater;
  couriers: Actor[];
  /** Called with each answer. */
  onAnswer?: (answer: Answer<unknown>) => void;
}

/** The order's courier and their delivery. */
export async function courierOf({ customer, couriers }: OrderActors, orderId: string) {
  const courier = await eventually(async () => {
    const { body } = await customer.send<Order>(`GET /v1/orders/${orderId}`);
    return couriers.find(({ id }) => id === body.courier?.courierId);
  });
  const { items } = expectStatus(
    await courier.send<{ items: Delivery[] }>("GET /v1/deliveries?status=assigned"),
    200,
  );
  const delivery = items.find((one) => one.orderId === orderId);
  if (!delivery) throw new Error(`The courier of ${orderId} has no delivery of it`);
  return { courier, deliveryId: delivery.deliveryId };
}

/** Throws on the first refusal. */
export async function playOrder(actors: OrderActors, placed?: Order): Promise<Order> {
  const { restaurant, customer, onAnswer } = actors;
  const good = <T>(answer: Answer<T>, status = 200): T => {
    onAnswer?.(answer);
    return expectStatus(answer, status);
  };
  good(await customer.send(`GET /v1/restaurants/${restaurant.id}/menu`));
  const order = placed ?? good(await customer.order(restaurant), 201);
  const { orderId } = order;
  good(await restaurant.send(`POST /v1/orders/${orderId}/accept`, { prepMinutes: 10 }));
  const { courier, deliveryId } = await courierOf(actors, orderId);
  good(await restaurant.send(`POST /v1/orders/${orderId}/prepare`));
  good(await restaurant.send(`POST /v1/orders/${orderId}/ready`));
  good(await courier.send(`POST /v1/deliveries/${deliveryId}/pickup`));
  const { handoverPin: pin } = good(await customer.send<Order>(`GET /v1/orders/${orderId}`));
  good(await courier.send(`POST /v1/deliveries/${deliveryId}/deliver`, { pin }));
  return order;
}
