import { CancelReason, OrderFilter, PrepMinutes, RejectReason } from "@food/shared/contracts/order";
import { pageQuery } from "@food/shared/values/page";
import { Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const Accept = Type.Object({ prepMinutes: PrepMinutes }, strict);
/** Minutes are for an order that is pending, which is thereby accepted; without any it is ready when the restaurant's usual
 * time is over. */
export const Prepare = Type.Optional(Type.Object({ prepMinutes: Type.Optional(PrepMinutes) }, strict));
export const Reject = Type.Object({ reason: RejectReason }, strict);
export const Cancel = Type.Object({ reason: CancelReason }, strict);

export const OrderQuery = Type.Object({ ...OrderFilter, ...pageQuery });
