// A courier goes on duty, brings one order to its door, and goes home.
import { createInterface } from "node:readline/promises";
import { connect, required, type Schema } from "@food/client";

type Delivery = Schema<"delivery", "Delivery">;

const kim = connect("courier");
const email = `kim-${crypto.randomUUID()}@example.com`;
const password = "correct horse battery";
const profile = { name: "Kim", phone: "+49 151 1234567", vehicle: "bicycle" } as const;
required(await kim.delivery.POST("/v1/couriers", { body: { email, password, ...profile } }));
await kim.signIn({ email, password });
const location = { lat: 52.5285, lng: 13.405 };
required(await kim.delivery.PUT("/v1/couriers/me/location", { body: { location } }));
required(await kim.delivery.PUT("/v1/couriers/me/availability", { body: { available: true } }));
process.stdout.write("On duty\n");

const terminal = createInterface({ input: process.stdin, output: process.stdout });

async function work({ deliveryId, status, ready }: Delivery): Promise<void> {
  const params = { path: { deliveryId } };
  if (status === "assigned" && ready)
    required(await kim.delivery.POST("/v1/deliveries/{deliveryId}/pickup", { params }));
  if (status === "picked_up") {
    const pin = await terminal.question("The customer's PIN: ");
    required(await kim.delivery.POST("/v1/deliveries/{deliveryId}/deliver", { params, body: { pin } }));
  }
}

for await (const { event, data } of kim.follow("delivery", "/v1/deliveries/events")) {
  const deliveries =
    event === "snapshot" ? (data.items as Delivery[]) : event === "delivery" ? [data as Delivery] : [];
  for (const delivery of deliveries) await work(delivery);
  if (deliveries.some(({ status }) => status === "delivered")) break;
}
terminal.close();
required(await kim.delivery.PUT("/v1/couriers/me/availability", { body: { available: false } }));
