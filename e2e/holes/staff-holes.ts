// Holes in who works in a restaurant, and in what they may do there.
import type { Hole } from "./hole.ts";

const STAFF = "services/restaurant/src/staff";
const TEAM = { file: `${STAFF}/team.test.ts` };

export const STAFF_HOLES: Record<string, Hole> = {
  "last-owner-leaves": {
    what: "a restaurant may lose its last owner",
    patches: [
      { file: `${STAFF}/team.ts`, right: "&& member.staffId !== staffId)) throw", wrong: ")) throw" },
    ],
    red: { ...TEAM, test: "cannot leave" },
  },
  "owner-by-the-token-alone": {
    what: "a former owner decides who works there until the token expires",
    patches: [{ file: `${STAFF}/team.ts`, right: '?.role !== "owner")', wrong: '?.role === "none")' }],
    red: { ...TEAM, test: "gives roles" },
  },
  "invitation-used-twice": {
    what: "an invitation stays valid after its use",
    patches: [{ file: `${STAFF}/team.ts`, right: "one.secretHash !== secretHash", wrong: "one.email" }],
    red: { ...TEAM, test: "lets one person join in its role, once" },
  },
  "link-without-a-password": {
    what: "the link of an invitation alone makes an existing account join",
    patches: [
      {
        file: `${STAFF}/accept-invitation.ts`,
        right: "await checkCredentials(",
        wrong: "known || await checkCredentials(",
      },
    ],
    red: {
      file: `${STAFF}/accepting.integration.test.ts`,
      test: "answers 401 without the password of an existing account, which stays as it was",
    },
  },
  "kitchen-changes-prices": {
    what: "the kitchen changes all fields of a dish",
    patches: [{ file: `${STAFF}/roles.ts`, right: "others.length === 0 ||", wrong: "others.length >= 0 ||" }],
    red: {
      file: `${STAFF}/roles.integration.test.ts`,
      test: "says that a dish is sold out, and changes nothing else of it",
    },
  },
};
