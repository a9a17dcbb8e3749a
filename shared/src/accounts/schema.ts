import { type Static, Type } from "@sinclair/typebox";
import { Email, KnownPassword, Password } from "../values/fields.ts";

const TotpCode = Type.String({ pattern: "^[0-9]{6}$", maxLength: 6, examples: ["287082"] });
const RecoveryCode = Type.String({ pattern: "^[0-9A-Za-z-]+$", maxLength: 40 });
/** For accounts with a second factor: one of both. */
export const SecondFactorGiven = { code: Type.Optional(TotpCode), recoveryCode: Type.Optional(RecoveryCode) };

const DeviceToken = Type.String({ pattern: "^[\\w-]+\\.[\\w-]+\\.[\\w-]+$", maxLength: 1_024 });

export const SignIn = Type.Object(
  {
    ...{ email: Email, password: KnownPassword, ...SecondFactorGiven },
    deviceToken: Type.Optional({
      ...DeviceToken,
      description:
        "From an earlier sign-in here, so that the wrong passwords of strangers do not delay this one",
    }),
  },
  { additionalProperties: false },
);
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
    deviceToken: Type.Optional({
      ...DeviceToken,
      description: "Of a sign-in alone: keep it after signing out, and send it with the next sign-in",
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

export const BeginSecondFactor = Type.Object(
  { currentPassword: KnownPassword },
  { additionalProperties: false },
);

export const SecondFactorSecret = Type.Object(
  {
    secret: Type.String({ description: "In base32, to type into an authenticator app" }),
    uri: Type.String({ description: "The same as `otpauth://`, for a QR code" }),
  },
  { additionalProperties: false },
);

export const ConfirmSecondFactor = Type.Object({ code: TotpCode }, { additionalProperties: false });

export const RecoveryCodes = Type.Object(
  { recoveryCodes: Type.Array(Type.String(), { description: "Each signs in once without the app" }) },
  { additionalProperties: false },
);

export const DisableSecondFactor = Type.Object(
  { currentPassword: KnownPassword, ...SecondFactorGiven },
  { additionalProperties: false },
);

export const SecondFactorState = Type.Object(
  { enabled: Type.Boolean(), recoveryCodesLeft: Type.Integer() },
  { additionalProperties: false },
);
