import { type Static, Type } from "@sinclair/typebox";
import { Email, KnownPassword, Password } from "../values/fields.ts";

export const SignIn = Type.Object({ email: Email, password: KnownPassword }, { additionalProperties: false });
export type SignIn = Static<typeof SignIn>;

export const RefreshToken = Type.Object(
  { refreshToken: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);

export const Session = Type.Object(
  {
    accessToken: Type.String({ description: "Send it as `Authorization: Bearer …`" }),
    tokenType: Type.Literal("Bearer"),
    expiresIn: Type.Integer({ description: "Lifetime of the access token in seconds" }),
    refreshToken: Type.String({
      description:
        "Valid for one refresh. A repeat within ten seconds gets the same answer again; later it ends the session",
    }),
  },
  { additionalProperties: false },
);
export type Session = Static<typeof Session>;

export const ChangePassword = Type.Object(
  { currentPassword: KnownPassword, newPassword: Password },
  { additionalProperties: false },
);
