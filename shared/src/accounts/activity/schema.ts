import { type Static, Type } from "@sinclair/typebox";
import { ADDRESS_CLASSES } from "../../values/address-class.ts";
import { Instant } from "../../values/fields.ts";
import { ID_BODY } from "../../values/id.ts";
import { oneOf } from "../../values/one-of.ts";
import { pageOf, pageQuery } from "../../values/page.ts";

const strict = { additionalProperties: false } as const;

export const ActivityItem = Type.Object(
  {
    activityId: Type.String(),
    action: Type.String({
      description: "What was changed, and how; later versions know more actions",
      examples: ["password.changed"],
    }),
    actorId: Type.Optional(Type.String({ description: "The person who acted for me" })),
    subject: Type.Optional(Type.String({ description: "The id of what was changed" })),
    fields: Type.Optional(Type.Array(Type.String(), { description: "The names of the changed fields" })),
    at: Instant,
    requestId: Type.Optional(Type.String({ description: "The `X-Request-Id` of the request that did it" })),
    addressClass: Type.Optional(oneOf(ADDRESS_CLASSES, "Where the request came from, roughly")),
  },
  strict,
);
export type ActivityItem = Static<typeof ActivityItem>;

export const ActivityPage = pageOf(ActivityItem);
export const ActivityQuery = Type.Object(pageQuery);
export const ActivityCursor = Type.Object({ before: Type.String({ pattern: `^act${ID_BODY}$` }) }, strict);
