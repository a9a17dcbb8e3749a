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

/** Says nothing about accounts: the answer is the same for each address. */
export const CheckMail = Type.Object(
  { next: Type.Literal("check_mail", { description: "The rest is in a mail, if there is one to send" }) },
  { additionalProperties: false },
);
export type CheckMail = Static<typeof CheckMail>;

export const ForAddress = Type.Object({ email: Email }, { additionalProperties: false });

const LinkToken = Type.String({
  pattern: "^[\\w-]+$",
  maxLength: 100,
  description: "From the link in the mail",
});

export const ConfirmLink = Type.Object({ token: LinkToken }, { additionalProperties: false });

export const ChangeEmail = Type.Object(
  { newEmail: Email, currentPassword: KnownPassword },
  { additionalProperties: false },
);

export const EmailChanged = Type.Object(
  { changed: Type.Boolean({ description: "False until the link to the other address was opened, too" }) },
  { additionalProperties: false },
);

export const ConfirmSignUp = Type.Object(
  { token: LinkToken, password: KnownPassword },
  { additionalProperties: false },
);

export const ResetPassword = Type.Object(
  { token: LinkToken, newPassword: Password },
  { additionalProperties: false },
);
