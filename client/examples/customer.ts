// A customer signs up, orders dinner at the nearest open restaurant and follows it to the door.
import { connect, required } from "@food/client";

const ada = connect("customer");
const email = `ada-${crypto.randomUUID()}@example.com`;
const password = "correct horse battery";
required(await ada.customer.POST("/v1/customers", { body: { email, password, name: "Ada Lovelace" } }));
await ada.signIn({ email, password });

const address = {
  label: "Home",
  line1: "Chausseestrasse 1",
  city: "Berlin",
  postalCode: "10115",
  country: "DE",
  location: { lat: 52.529, lng: 13.405 },
};
const { addressId } = required(await ada.customer.POST("/v1/customers/me/addresses", { body: address }));

const query = { near: "52.529,13.405", open: true, delivers: true };
const { items } = required(await ada.customer.GET("/v1/restaurants", { params: { query } }));
const [restaurant] = items;
if (!restaurant) throw new Error("No restaurant is open here: start examples/restaurant.ts");

const { restaurantId } = restaurant;
const menu = required(
  await ada.customer.GET("/v1/restaurants/{restaurantId}/menu", { params: { path: { restaurantId } } }),
);
const dish = menu.categories.flatMap(({ dishes }) => dishes).find(({ available }) => available);
if (!dish) throw new Error(`${restaurant.name} has no dish left`);

const cart = { restaurantId, addressId, items: [{ dishId: dish.dishId, quantity: 2 }] };
const { orderId, handoverPin } = required(await ada.customer.POST("/v1/orders", { body: cart }));
process.stdout.write(
  `Ordered 2 ${dish.name} from ${restaurant.name}. Tell the courier the PIN ${handoverPin}\n`,
);

for await (const { event, data } of ada.follow("order", "/v1/orders/{orderId}/events", {
  params: { orderId },
}))
  if (event === "status") process.stdout.write(`${data.type}\n`);
await ada.signOut();
