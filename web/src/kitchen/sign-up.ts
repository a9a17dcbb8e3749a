import { POSITION_PATTERN, spotFrom } from "../map/position.ts";
import { t } from "../ui/language.ts";
import type { SignUp } from "../ui/sign-in.ts";

/** A new restaurant starts with these terms, which `PATCH /v1/restaurants/me` changes. */
const TERMS = { currency: "EUR", deliveryRadiusMeters: 5_000, deliveryFeeCents: 250, prepMinutes: 15 };

export const signUp = (): SignUp => ({
  route: "POST /v1/restaurants",
  async create(api, account, values) {
    const {
      name = "",
      phone = "",
      cuisines = "",
      line1 = "",
      postalCode = "",
      city = "",
      country = "",
    } = values;
    const location = spotFrom(values.position ?? "");
    if (!location) return;
    const body = {
      ...{ ...account, ...TERMS, name, phone },
      cuisines: cuisines
        .split(",")
        .map((cuisine) => cuisine.trim())
        .filter(Boolean),
      address: { line1, postalCode, city, country, location },
    };
    await api.call("restaurant", "POST /v1/restaurants", { body });
  },
  fields: [
    { name: "name", label: t("Name") },
    { name: "phone", label: t("Phone"), type: "tel" },
    { name: "cuisines", label: t("Cuisines"), hint: t("Such as italian, pizza") },
    { name: "line1", label: t("Street and number") },
    { name: "postalCode", label: t("Postal code") },
    { name: "city", label: t("City") },
    { name: "country", label: t("Country code"), pattern: "[A-Z]{2}", initial: "DE" },
    {
      ...{ name: "position", label: t("Position: latitude, longitude"), pattern: POSITION_PATTERN },
      hint: t("Such as 49.0175, 12.0974"),
    },
  ],
});
