// Bodies of requests, as the OpenAPI document shows them.
import { accountExamples } from "@food/shared/accounts/examples";
import type { Examples } from "@food/shared/http/openapi/document";

const ADDRESS = {
  label: "Home",
  line1: "Chausseestrasse 1",
  city: "Berlin",
  postalCode: "10115",
  country: "DE",
  location: { lat: 52.529, lng: 13.405 },
};
const CART = {
  restaurantId: "rst_01k9v3e6m2x8r4t7w0z5b1c3d6",
  addressId: "adr_01k9v3e6m2x8r4t7w0z5b1c3d6",
  items: [{ dishId: "dsh_01k9v3e6m2x8r4t7w0z5b1c3d6", quantity: 2, note: "Well done" }],
  tipCents: 200,
};

export const examples: Examples = {
  ...accountExamples("customers"),
  "POST /v1/customers": { email: "ada@example.com", password: "correct horse battery", name: "Ada Lovelace" },
  "PATCH /v1/customers/me": { name: "Ada King", phone: "+49 30 1234567" },
  "POST /v1/customers/me/addresses": ADDRESS,
  "PATCH /v1/customers/me/addresses/:addressId": { label: "Office" },
  "POST /v1/quotes": CART,
  "POST /v1/orders": { ...CART, note: "Third floor" },
  "PUT /v1/orders/:orderId/tip": { tipCents: 400 },
};
