// Which new passwords are refused (NIST SP 800-63B, section 3.1.1.2): well-known ones, repetitions and sequences, and the
// account's own name and email. Whatever else has its length is accepted. Passwords that are in use stay valid.
import { unprocessable } from "../values/errors.ts";
import { hashPassword, passwordForm } from "./passwords.ts";

/** Of the account that gets the password. */
export interface PasswordOwner {
  email: string;
  name?: string | undefined;
}

/** The shortest password that the schema accepts. */
const SHORTEST = 8;
const REPEATED = /^(.{1,4})\1+$/u;

let wellKnown: Promise<Set<string>> | undefined;
/** Loaded with the first new password: the list takes a tenth of a second and 20 MB, which not every process needs. */
function loadWellKnown(): Promise<Set<string>> {
  wellKnown ??= import("@zxcvbn-ts/language-common").then(({ dictionary }) => {
    const all = Object.values(dictionary["passwords-common"]).map(String);
    return new Set(all.filter((password) => password.length >= SHORTEST));
  });
  return wellKnown;
}

/** Whether each character follows the one before, or each precedes it; after 9 comes 0. */
function isSequence(text: string): boolean {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, i) => code - (codes[i] ?? 0));
  return [1, -1].some((by) => steps.every((step) => step === by || (step === -9 * by && /^\d+$/.test(text))));
}

/** Letters and digits alone. */
const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

function isOwn(password: string, { email, name = "" }: PasswordOwner): boolean {
  const own = [email, email.split("@")[0] ?? "", name].map(bare).filter((text) => text !== "");
  return own.includes(bare(password));
}

/** Why it is refused. Undefined for a password that is accepted. */
export async function faultOf(password: string, owner: PasswordOwner): Promise<string | undefined> {
  const form = passwordForm(password).toLowerCase();
  if (isOwn(form, owner)) return "It is the name or the email address of the account";
  if (REPEATED.test(form)) return "It repeats a few characters";
  if (isSequence(form)) return "It is a sequence of characters";
  const known = await loadWellKnown();
  // Also a well-known password twice.
  const half = form.slice(0, form.length / 2);
  if (known.has(form) || (half + half === form && known.has(half)))
    return "It is one of the passwords that are tried first";
  return undefined;
}

/** The hash of a new password. Throws 422 when it is easy to guess; `pointer` is its place in the request. */
export async function hashNewPassword(
  password: string,
  owner: PasswordOwner,
  pointer: "/password" | "/newPassword" = "/password",
): Promise<string> {
  const fault = await faultOf(password, owner);
  if (fault !== undefined)
    throw unprocessable("PASSWORD_EASY_TO_GUESS", "The password is easy to guess. Choose another one.", {
      details: [{ pointer, detail: fault }],
    });
  return hashPassword(password);
}
