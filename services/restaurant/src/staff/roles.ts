// What the roles of staff may do, for the table of access and for the routes where it depends on the request.
import type { Caller } from "@food/shared/auth/tokens";
import { forbidden } from "@food/shared/values/errors";
import type { StaffRole } from "./team.ts";

export const STAFF: readonly StaffRole[] = ["owner", "manager", "kitchen"];
export const OWNERS: readonly StaffRole[] = ["owner"];
export const MANAGERS: readonly StaffRole[] = ["owner", "manager"];

/** Throws 403 when the change has other fields than these and the caller is no manager. */
export function requireManagerExceptFor(
  fields: readonly string[],
  { staffRole }: Caller,
  change: object,
): void {
  const others = Object.keys(change).filter((field) => !fields.includes(field));
  if (others.length === 0 || MANAGERS.some((role) => role === staffRole)) return;
  throw forbidden(
    "WRONG_STAFF_ROLE",
    `To change ${others.join(", ")} needs the staff role ${MANAGERS.join(" or ")}.`,
  );
}
