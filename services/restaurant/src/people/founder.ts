// The person who signed a restaurant up has the restaurant's id with another prefix: a repeated sign-up, or a repeated move
// from an older version, finds what an earlier one has stored.
import type { VerifyToken } from "@food/shared/auth/tokens";

export const founderOf = (restaurantId: string) => restaurantId.replace(/^rst_/, "stf_");
export const foundedBy = (staffId: string) => staffId.replace(/^stf_/, "rst_");

/** A restaurant's token of an older version names no person. It is the founder's, as owner. */
export const naming =
  (verifyToken: VerifyToken): VerifyToken =>
  async (token) => {
    const caller = await verifyToken(token);
    if (caller.role !== "restaurant" || caller.actorId) return caller;
    return { ...caller, actorId: founderOf(caller.id), staffRole: "owner" };
  };
