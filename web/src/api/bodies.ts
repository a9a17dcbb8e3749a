// The bodies of the public APIs that the pages show.
import type { Schema } from "@food/client";

export type Address = Schema<"customer", "Address">;
export type ChosenOption = Schema<"customer", "ChosenOption">;
export type ItemOption = Schema<"customer", "ItemOption">;
export type Menu = Schema<"customer", "Menu">;
export type MenuDish = Schema<"customer", "MenuDish">;
export type OfferedGroup = Schema<"customer", "OfferedGroup">;
export type OptionGroup = Schema<"customer", "OptionGroup">;
export type Order = Schema<"customer", "Order">;
export type OrderStatus = Schema<"customer", "OrderStatus">;
export type PriceComponent = Schema<"customer", "PriceComponent">;
export type Dish = Schema<"restaurant", "Dish">;
export type Restaurant = Schema<"restaurant", "Restaurant">;
export type RejectReason = Schema<"restaurant", "RejectReason">;
export type Courier = Schema<"delivery", "Courier">;
export type Delivery = Schema<"delivery", "Delivery">;
export type FailReason = Schema<"delivery", "FailReason">;
export type Stop = Schema<"delivery", "Stop">;
export type Trip = Schema<"delivery", "Trip">;
export type HelpedOrder = Schema<"order", "HelpedOrder">;
export type LiveStatus = Schema<"order", "LiveStatus">;
export type CourierLocation = Schema<"order", "CourierLocation">;
export type Town = Schema<"order", "Town">;
export type TownCourier = Schema<"order", "TownCourier">;
export type TownFigures = Schema<"order", "TownFigures">;
export type TownOrder = Schema<"order", "TownOrder">;
export type TownTrip = Schema<"order", "TownTrip">;
