// A restaurant opens with one dish, and works through its orders until the first one is delivered.
import { connect, required, type Schema } from "@food/client";

type Order = Schema<"restaurant", "Order">;

const enzo = connect("restaurant");
const email = `enzo-${crypto.randomUUID()}@example.com`;
const password = "correct horse battery";
const profile = {
  name: "Da Enzo",
  cuisines: ["Italian"],
  phone: "+49 30 1234567",
  address: {
    line1: "Torstrasse 1",
    city: "Berlin",
    postalCode: "10119",
    country: "DE",
    location: { lat: 52.528, lng: 13.405 },
  },
  currency: "EUR",
  deliveryRadiusMeters: 5_000,
  deliveryFeeCents: 250,
  prepMinutes: 15,
};
required(await enzo.restaurant.POST("/v1/restaurants", { body: { email, password, ...profile } }));
await enzo.signIn({ email, password });
const dish = { name: "Margherita", category: "Pizza", description: "", priceCents: 950, available: true };
required(await enzo.restaurant.POST("/v1/restaurants/me/dishes", { body: dish }));
required(await enzo.restaurant.PUT("/v1/restaurants/me/availability", { body: { acceptingOrders: true } }));
process.stdout.write("Open\n");

/** The next step in the kitchen. */
async function work({ orderId, status }: Order): Promise<void> {
  const params = { path: { orderId } };
  if (status === "pending")
    required(
      await enzo.restaurant.POST("/v1/orders/{orderId}/accept", { params, body: { prepMinutes: 15 } }),
    );
  if (status === "accepted")
    required(await enzo.restaurant.POST("/v1/orders/{orderId}/prepare", { params, body: {} }));
  if (status === "preparing") required(await enzo.restaurant.POST("/v1/orders/{orderId}/ready", { params }));
}

for await (const { event, data } of enzo.follow("restaurant", "/v1/orders/events")) {
  const orders = event === "snapshot" ? (data.items as Order[]) : event === "order" ? [data as Order] : [];
  for (const order of orders) {
    process.stdout.write(`${order.status}\n`);
    await work(order);
  }
  if (orders.some(({ status }) => status === "delivered")) break;
}
required(await enzo.restaurant.PUT("/v1/restaurants/me/availability", { body: { acceptingOrders: false } }));
