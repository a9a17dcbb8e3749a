import { AddressId } from "@food/shared/contracts/ids";
import { Line, PostalAddress } from "@food/shared/values/fields";
import { pageOf } from "@food/shared/values/page";
import { stored } from "@food/shared/values/ruled";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const NewAddress = Type.Composite([Type.Object({ label: Line(60) }), PostalAddress], strict);
export type NewAddress = Static<typeof NewAddress>;

export const ChangeAddress = Type.Partial(NewAddress, { ...strict, minProperties: 1 });
export type ChangeAddress = Static<typeof ChangeAddress>;

export const Address = Type.Composite([Type.Object({ addressId: AddressId }), stored(NewAddress)], strict);
export type Address = Static<typeof Address>;

/** A customer has few addresses, so the list is always one page. */
export const AddressPage = pageOf(Address);
export const AddressParams = Type.Object({ addressId: AddressId });
