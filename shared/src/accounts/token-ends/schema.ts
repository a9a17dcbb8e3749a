import { type Static, Type } from "@sinclair/typebox";
import { Instant } from "../../values/fields.ts";

export const EndedSince = Type.Object({ after: Type.Optional(Instant) }, { additionalProperties: false });

export const EndedSessions = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          sessionId: Type.String({ maxLength: 64 }),
          endedAt: Instant,
          until: Type.String({ ...Instant, description: "When its last access token has expired" }),
        },
        { additionalProperties: false },
      ),
      { description: "Oldest first" },
    ),
    more: Type.Boolean({ description: "Whether to ask again with the last `endedAt`" }),
  },
  { additionalProperties: false },
);
export type EndedSessions = Static<typeof EndedSessions>;
