// Holes in what keeps webhooks away from private addresses.
import type { Hole } from "./hole.ts";

const POST = "services/order/src/webhooks/sending/post.ts";
const REQUESTS = "services/order/src/webhooks/sending/post.test.ts";

export const WEBHOOK_HOLES: Record<string, Hole> = {
  "webhook-to-a-private-address": {
    what: "a public name that resolves to a private address is connected to",
    patches: [
      {
        file: POST,
        right:
          '  if (targets === "public" && !addresses.every(isPublicAddress)) throw new ForbiddenAddress();\n',
        wrong: "",
      },
    ],
    red: {
      file: REQUESTS,
      test: 'a name with a private address among its addresses is not connected to: ["127.0.0.1"]',
    },
  },
  "webhook-resolved-twice": {
    what: "the name is resolved again for the connection, after its addresses are checked",
    patches: [{ file: POST, right: "url.hostname = isIPv6", wrong: "url.hash = isIPv6" }],
    red: { file: REQUESTS, test: "DNS rebinding) changes nothing" },
  },
  "webhook-follows-redirects": {
    what: "a receiver may redirect a message to a private address",
    patches: [{ file: POST, right: 'redirect: "manual"', wrong: 'redirect: "follow"' }],
    red: { file: REQUESTS, test: "follows no redirect" },
  },
  "webhook-with-any-certificate": {
    what: "a message goes to a server with the certificate of another one",
    patches: [{ file: POST, right: "tls: { ", wrong: "tls: { rejectUnauthorized: false, " }],
    red: { file: REQUESTS, test: "with one for another name" },
  },
};
