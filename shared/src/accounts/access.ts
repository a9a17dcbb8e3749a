import { type AccessTable, ANYONE } from "../auth/access.ts";

/** The rows of the routes of accounts without a sign-up. `staff` has the roles of people who act for an owner. */
export const givenAccountAccess = (plural: string, role: string, staff?: readonly string[]): AccessTable => {
  const settingUp = { roles: [role], owns: "self" };
  const self = { ...settingUp, ...(staff && { staff }) };
  return {
    "POST /v1/sessions": ANYONE,
    "POST /v1/sessions/refresh": ANYONE,
    "POST /v1/sessions/revoke": ANYONE,
    "GET /v1/sessions": { ...self, owns: "own sessions" },
    "DELETE /v1/sessions/:sessionId": { ...self, owns: "own session" },
    "POST /v1/password-resets": ANYONE,
    "POST /v1/password-resets/confirm": ANYONE,
    "POST /v1/email-changes/confirm": ANYONE,
    [`POST /v1/${plural}/me/email`]: self,
    [`GET /v1/${plural}/me/second-factor`]: settingUp,
    [`POST /v1/${plural}/me/second-factor`]: settingUp,
    [`POST /v1/${plural}/me/second-factor/confirm`]: settingUp,
    [`POST /v1/${plural}/me/second-factor/disable`]: self,
    [`POST /v1/${plural}/me/password`]: self,
    [`GET /v1/${plural}/me/export`]: self,
    [`GET /v1/${plural}/me/activity`]: { ...self, owns: "own activity" },
  };
};

/** The rows of the routes of accounts that people make themselves. */
export const accountAccess = (plural: string, role: string, staff?: readonly string[]): AccessTable => ({
  ...givenAccountAccess(plural, role, staff),
  "POST /v1/email-verifications": ANYONE,
  "POST /v1/email-verifications/confirm": ANYONE,
});
