import { CourierId, CustomerId, OrderId, RestaurantId } from "@food/shared/contracts/ids";
import { OrderAction, OrderFilter } from "@food/shared/contracts/order";
import { pageQuery } from "@food/shared/values/page";
import { Type } from "@sinclair/typebox";

export const MoveParams = Type.Object({ orderId: OrderId, action: OrderAction });

const ActorId = Type.Union([CustomerId, RestaurantId]);
export const ReadQuery = Type.Object({ actorId: Type.Union([CustomerId, RestaurantId, CourierId]) });
export const ListQuery = Type.Object({ actorId: ActorId, ...OrderFilter, ...pageQuery });
export const ListCursor = Type.Object({ after: OrderId }, { additionalProperties: false });
