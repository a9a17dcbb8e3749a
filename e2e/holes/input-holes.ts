// Holes in what is taken from requests and from other services, and in how browsers may use responses.
import type { Hole } from "./hole.ts";

const APP = "shared/src/http/app.ts";
const CLIENT = "shared/src/http/service-client.ts";

export const INPUT_HOLES: Record<string, Hole> = {
  "unlimited-requests": {
    what: "no request is counted, so nobody meets a limit",
    patches: [
      {
        file: "shared/src/service/service-base.ts",
        right: ", countRequest: base.countRequest",
        wrong: "",
      },
    ],
    red: {
      file: "services/customer/src/customers/request-limits.integration.test.ts",
      test: "of an account, and of an address without a token",
    },
  },
  "unknown-parameters": {
    what: "unknown and repeated query parameters are ignored",
    patches: [
      {
        file: APP,
        right: "refuseOddQuery(request, route))",
        wrong: "void [refuseOddQuery, request, route])",
      },
    ],
    red: { file: "shared/src/http/query.test.ts", test: "answers 422 when the route declares none" },
  },
  "reserved-names": {
    what: "a field may have a name on which making a text of it fails",
    patches: [
      {
        file: "shared/src/http/json.ts",
        right: "if (key === RESERVED) throw reservedName();",
        wrong: "void reservedName;",
      },
    ],
    red: {
      file: "shared/src/http/json.test.ts",
      test: "over HTTP such a body answers 400, and does not repeat it",
    },
  },
  "any-media-type": {
    what: "a page may send JSON as text, without a preflight",
    patches: [
      {
        file: "shared/src/http/body.ts",
        right: 'if (mediaType !== "application/json")',
        wrong: 'if (mediaType === "never")',
      },
    ],
    red: { file: "shared/src/http/app.test.ts", test: 'as "application/x-www-form-urlencoded" answers 415' },
  },
  "redirects-followed": {
    what: "another service sends a call, and its token, to any address",
    patches: [{ file: CLIENT, right: 'redirect: "manual"', wrong: 'redirect: "follow"' }],
    red: { file: "shared/src/http/service-client.test.ts", test: "is not followed by ask" },
  },
  "framed-responses": {
    what: "a response may be shown in a page of a stranger",
    patches: [{ file: "shared/src/http/response-headers.ts", right: "frame-ancestors 'none'; ", wrong: "" }],
    red: {
      file: "shared/src/http/problem.test.ts",
      test: "of /things has the request's id and the security headers",
    },
  },
};
