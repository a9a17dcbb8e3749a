import { idSchema } from "../src/values/id.ts";

export const CustomerId = idSchema("cus", "A customer");
export const AddressId = idSchema("adr", "One of a customer's addresses");
export const RestaurantId = idSchema("rst", "A restaurant");
export const DishId = idSchema("dsh", "A dish");
export const OptionGroupId = idSchema("ogp", "A group of options for dishes");
export const OptionId = idSchema("opt", "An option of a group");
export const OrderId = idSchema("ord", "An order");
export const CourierId = idSchema("crr", "A courier");
export const OperatorId = idSchema("opr", "An operator");
export const DeliveryId = idSchema("dlv", "A delivery");
export const TripId = idSchema("trp", "A trip: one pickup and its drop-offs");
