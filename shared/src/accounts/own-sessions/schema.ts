import { type Static, Type } from "@sinclair/typebox";
import { ADDRESS_CLASSES } from "../../values/address-class.ts";
import { Instant, KnownPassword } from "../../values/fields.ts";
import { oneOf } from "../../values/one-of.ts";
import { pageOf } from "../../values/page.ts";

const strict = { additionalProperties: false } as const;
const SessionId = Type.String({ pattern: "^ses_[0-9a-z]{26}$" });

export const OwnSession = Type.Object(
  {
    sessionId: SessionId,
    device: Type.Optional(
      Type.String({ description: "From its `User-Agent`", examples: ["Firefox on Windows"] }),
    ),
    createdAt: Type.Optional(Instant),
    lastUsedAt: Type.Optional(Instant),
    addressClass: Type.Optional(oneOf(ADDRESS_CLASSES, "Where it was used last, roughly")),
    current: Type.Boolean({ description: "Whether it is the session of this request" }),
  },
  strict,
);
export type OwnSession = Static<typeof OwnSession>;

export const OwnSessionPage = pageOf(OwnSession);
export const SessionParams = Type.Object({ sessionId: SessionId }, strict);
export const EndSession = Type.Object({ currentPassword: KnownPassword }, strict);
