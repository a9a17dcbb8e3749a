import { OperatorId } from "@food/shared/contracts/ids";
import { Email, Instant, Line, Password } from "@food/shared/values/fields";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const NewOperator = Type.Object({ email: Email, password: Password, name: Line(120) }, strict);
export type NewOperator = Static<typeof NewOperator>;

export const Operator = Type.Object(
  { operatorId: OperatorId, email: Type.String(), name: Type.String(), createdAt: Instant },
  strict,
);
export type Operator = Static<typeof Operator>;
