// Accounts of people who act for an owner, such as the staff of a business (RFC 8693, section 4.1). A session is for one
// owner. What a person may do there is looked up for every access token.
import type { TObject } from "@sinclair/typebox";
import type { Actor } from "../auth/tokens.ts";

export interface Acting {
  /** The `sub` of the access token. */
  ownerId: string;
  actor: Actor;
  /** What the session's response has besides the tokens. */
  answer: object;
}

export interface ActingSession {
  accountId: string;
  /** The owner that was asked for. */
  ownerId?: string | undefined;
  /** When a second factor was given in the session. */
  secondFactorAt?: Date | undefined;
}

/** Throws 403 when the person does not act for this owner or, without an owner, for any. */
export type ChooseOwner = (session: ActingSession) => Promise<Acting>;

export interface ActingOptions {
  choose: ChooseOwner;
  /** The owners who require a second factor of the account. */
  requiringSecondFactor: (accountId: string) => Promise<string[]>;
  /** The codes of its 403. */
  refusals: readonly string[];
  /** The request of a sign-in: a `SignIn`, and its optional field with the owner's id. */
  signIn: TObject;
  field: string;
  /** The response: a `Session`, with what `Acting.answer` has. */
  session: TObject;
}
