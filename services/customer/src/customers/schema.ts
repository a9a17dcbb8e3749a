import { CustomerId } from "@food/shared/contracts/ids";
import { Email, Instant, Line, Password, Phone } from "@food/shared/values/fields";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const RegisterCustomer = Type.Object(
  { email: Email, password: Password, name: Line(120), phone: Type.Optional(Phone) },
  strict,
);
export type RegisterCustomer = Static<typeof RegisterCustomer>;

export const ChangeCustomer = Type.Object(
  { name: Type.Optional(Line(120)), phone: Type.Optional(Type.Union([Phone, Type.Null()])) },
  { ...strict, minProperties: 1 },
);
export type ChangeCustomer = Static<typeof ChangeCustomer>;

export const Customer = Type.Object(
  {
    customerId: CustomerId,
    email: Type.String(),
    name: Type.String(),
    phone: Type.Optional(Type.String()),
    createdAt: Instant,
  },
  strict,
);
export type Customer = Static<typeof Customer>;
