// What a database stores of an account, for its export and its deletion.

export interface OwnData {
  /** The name in the export. */
  section: string;
  collection: string;
  /** The field with the id: of the account, or of the owner that a person acts for. */
  by: string;
  of: "account" | "owner";
  /** Paths that are not exported, each with the reason. */
  leftOut?: Record<string, string>;
}

const SECRET = "would let its reader act for the account";

/** What every service with accounts stores besides the account's document. */
export const ACCOUNT_DATA: readonly OwnData[] = [
  {
    ...{ section: "sessions", collection: "sessions", by: "accountId", of: "account" },
    leftOut: { _id: SECRET, tokenHash: SECRET, previous: SECRET },
  },
  { section: "activity", collection: "activity", by: "ownerId", of: "owner" },
  {
    ...{ section: "links", collection: "links", by: "accountId", of: "account" },
    leftOut: { _id: SECRET, data: SECRET },
  },
  {
    ...{ section: "emailChanges", collection: "email-changes", by: "_id", of: "account" },
    leftOut: { credentials: SECRET },
  },
  {
    ...{ section: "secondFactors", collection: "second-factors", by: "_id", of: "account" },
    leftOut: { pendingSecret: SECRET, secret: SECRET, recoveryCodes: SECRET },
  },
];

export const HASH_LEFT_OUT = { passwordHash: SECRET } as const;
