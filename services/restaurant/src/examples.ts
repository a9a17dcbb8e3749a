// Bodies of requests, as the OpenAPI document shows them.
import { accountExamples } from "@food/shared/accounts/examples";
import type { Examples } from "@food/shared/http/openapi/document";

const OPENING_HOURS = {
  timeZone: "Europe/Berlin",
  intervals: [
    { day: "friday", opens: "11:30", closes: "22:00" },
    { day: "saturday", opens: "12:00", closes: "23:30" },
  ],
};

export const examples: Examples = {
  ...accountExamples("restaurants"),
  "POST /v1/restaurants": {
    email: "ada@example.com",
    password: "correct horse battery",
    name: "Da Enzo",
    cuisines: ["Italian", "Pizza"],
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
  },
  "PATCH /v1/restaurants/me": {
    openingHours: OPENING_HOURS,
    deliveryZones: [{ name: "Town", radiusMeters: 5_000, feeCents: 250, minimumCents: 1_500 }],
  },
  "PUT /v1/restaurants/me/availability": { acceptingOrders: true },
  "POST /v1/staff/invitations/accept": {
    token: "rst_01k9v3e6m2x8r4t7w0z5b1c3d6.q7JmX2vT9sLkR4wYb1NcF8hZpA3eUdGoq7JmX2vT9sL",
    password: "correct horse battery",
    name: "Bruno",
  },
  "POST /v1/restaurants/me/staff/invitations": { email: "bruno@example.com", role: "kitchen" },
  "PUT /v1/restaurants/me/second-factor-policy": { required: false },
  "PATCH /v1/restaurants/me/staff/:staffId": { role: "manager" },
  "POST /v1/restaurants/me/dishes": {
    name: "Margherita",
    category: "Pizza",
    description: "Tomatoes, mozzarella, basil",
    priceCents: 950,
    available: true,
    allergens: ["gluten", "milk"],
    diets: ["vegetarian"],
  },
  "PATCH /v1/restaurants/me/dishes/:dishId": { priceCents: 1_050, available: false },
  "POST /v1/restaurants/me/option-groups": {
    name: "Size",
    minSelections: 1,
    maxSelections: 1,
    options: [
      { name: "26 cm", priceCents: 0 },
      { name: "32 cm", priceCents: 300 },
    ],
  },
  "PATCH /v1/restaurants/me/option-groups/:optionGroupId": { name: "Sizes" },
  "PATCH /v1/restaurants/me/option-groups/:optionGroupId/options/:optionId": { available: false },
  "PUT /v1/restaurants/me/dishes/:dishId/stock": { remaining: 12, perDay: 20 },
  "POST /v1/orders/:orderId/accept": { prepMinutes: 15 },
  "POST /v1/orders/:orderId/reject": { reason: "too_busy" },
  "POST /v1/orders/:orderId/prepare": {},
  "POST /v1/orders/:orderId/cancel": { reason: "The oven is broken" },
};
