import { CancelReason, OrderFilter, PrepMinutes, RejectReason } from "@food/shared/contracts/order";
import { pageQuery } from "@food/shared/values/page";
import { Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const Accept = Type.Object({ prepMinutes: PrepMinutes }, strict);
/** The minutes are for a pending order, which this also accepts. The default is the restaurant's usual time. */
export const Prepare = Type.Optional(Type.Object({ prepMinutes: Type.Optional(PrepMinutes) }, strict));
export const Reject = Type.Object({ reason: RejectReason }, strict);
export const Cancel = Type.Object({ reason: CancelReason }, strict);

export const OrderQuery = Type.Object({ ...OrderFilter, ...pageQuery });
