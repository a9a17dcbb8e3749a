// Bodies of the routes of accounts, as the OpenAPI documents show them.
import type { Examples } from "../http/openapi/document.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse battery";
const CODE = "287082";
const REFRESH_TOKEN = "01k9v3e6m2x8r4t7w0z5b1c3d6.q7JmX2vT9sLkR4wYb1NcF8hZpA3eUdGo";
const LINK_TOKEN = "q7JmX2vT9sLkR4wYb1NcF8hZpA3eUdGo";
const proof = { currentPassword: PASSWORD };

/** Of the routes of accounts without a sign-up. */
export const givenAccountExamples = (plural: string): Examples => ({
  "POST /v1/sessions": { email: EMAIL, password: PASSWORD },
  "POST /v1/sessions/refresh": { refreshToken: REFRESH_TOKEN },
  "POST /v1/sessions/revoke": { refreshToken: REFRESH_TOKEN },
  "DELETE /v1/sessions/:sessionId": proof,
  "POST /v1/password-resets": { email: EMAIL },
  "POST /v1/password-resets/confirm": { token: LINK_TOKEN, newPassword: "seven cups of green tea" },
  "POST /v1/email-changes/confirm": { token: LINK_TOKEN },
  [`POST /v1/${plural}/me/email`]: { newEmail: "ada.lovelace@example.com", ...proof },
  [`POST /v1/${plural}/me/second-factor`]: proof,
  [`POST /v1/${plural}/me/second-factor/confirm`]: { code: CODE },
  [`POST /v1/${plural}/me/second-factor/disable`]: { ...proof, code: CODE },
  [`POST /v1/${plural}/me/password`]: { ...proof, newPassword: "seven cups of green tea" },
});

/** Of the routes of accounts that people make themselves. */
export const accountExamples = (plural: string): Examples => ({
  ...givenAccountExamples(plural),
  "POST /v1/email-verifications": { email: EMAIL },
  "POST /v1/email-verifications/confirm": { token: LINK_TOKEN, password: PASSWORD },
  [`DELETE /v1/${plural}/me`]: proof,
});
