// Refresh tokens rotate (RFC 9700, section 4.14): each is valid once. A token that is used again may have been stolen, so
// its whole session ends. For ten seconds a repeat gets the same successor instead: two tabs may refresh at once, and an
// answer may be lost.

import type { DeviceTokens } from "../auth/device-tokens.ts";
import type { SignToken } from "../auth/tokens.ts";
import { AppError, forbidden, unauthenticated, unprocessable } from "../values/errors.ts";
import type { Acting, ActingSession, ChooseOwner } from "./acting.ts";
import type { SignInLimits } from "./limits.ts";
import { credentialsOf } from "./links/mail-links.ts";
import { hashNewPassword } from "./new-password.ts";
import { isPassword, passwordForm } from "./passwords.ts";
import {
  hashOf,
  newRefreshToken,
  type RefreshTokenParts,
  randomText,
  readRefreshToken,
  sessionIdOf,
  successorOf,
  writeRefreshToken,
} from "./refresh-tokens.ts";
import type { Session, SignIn } from "./schema.ts";
import type { RefreshSession, SessionUse } from "./session-store.ts";
import { type Account, type AccountStore, normaliseEmail } from "./store.ts";

export interface SessionDeps {
  accounts: AccountStore;
  signToken: SignToken;
  signInLimits: SignInLimits;
  devices: DeviceTokens;
  role: string;
  /** The services that accept this role's access tokens. */
  audience: string[];
  accessTtlSeconds: number;
  /** Sign-ups whose address is not confirmed yet. */
  findPending?: ((email: string) => Promise<{ passwordHash: string } | null>) | undefined;
  /** Whether the account has a second factor. Throws unless this is right. */
  requireSecondFactor?:
    | ((accountId: string, given: { code?: string; recoveryCode?: string }) => Promise<boolean>)
    | undefined;
  /** For accounts of people who act for an owner. */
  chooseOwner?: ChooseOwner | undefined;
}

const REFRESH_TTL_MS = 30 * 24 * 3_600_000;
/** For each account. One more ends the least recently used session. */
export const SESSIONS_MAX = 20;

/** Afterwards the use of a token that has been used ends its session. */
export const REFRESH_GRACE_MS = 10_000;

const BAD_CREDENTIALS = "INVALID_CREDENTIALS";
export const INVALID_SECOND_FACTOR = "INVALID_SECOND_FACTOR";
/** The refusals that count as wrong tries. */
const WRONG = [BAD_CREDENTIALS, INVALID_SECOND_FACTOR];
export const badCredentials = () => unauthenticated(BAD_CREDENTIALS, "The email or the password is wrong.");
const badRefreshToken = () =>
  unauthenticated("INVALID_REFRESH_TOKEN", "The refresh token is no longer valid. Sign in again.");

async function grant(
  deps: SessionDeps,
  accountId: string,
  acting: Acting | undefined,
  token: RefreshTokenParts,
): Promise<Session> {
  const { signToken, role, audience, accessTtlSeconds } = deps;
  const accessToken = await signToken({
    subject: acting?.ownerId ?? accountId,
    role,
    ...(acting && { actor: acting.actor }),
    sessionId: sessionIdOf(token.family),
    audience,
    ttlSeconds: accessTtlSeconds,
  });
  const refreshToken = writeRefreshToken(token);
  return { accessToken, tokenType: "Bearer", expiresIn: accessTtlSeconds, refreshToken, ...acting?.answer };
}

/** Counts one try, and gives it back unless the credentials were wrong. */
async function trying<T>(
  limits: SignInLimits,
  keys: Parameters<SignInLimits["take"]>[0],
  run: () => Promise<T>,
): Promise<T> {
  await limits.take(keys);
  try {
    const result = await run();
    await limits.giveBack(keys);
    return result;
  } catch (error) {
    if (!(error instanceof AppError && WRONG.includes(error.code))) await limits.giveBack(keys);
    throw error;
  }
}

const isForbidden = (error: unknown) => error instanceof AppError && error.status === 403;

/** Read after the session is stored or rotated. Throws 403 and ends the session when its person no longer acts for its
 * owner: the withdrawal closes the stored sessions. */
async function actingIn(
  { accounts, chooseOwner }: SessionDeps,
  session: ActingSession & Pick<RefreshSession, "_id">,
): Promise<Acting | undefined> {
  try {
    return await chooseOwner?.(session);
  } catch (error) {
    if (isForbidden(error)) await accounts.closeSession(session._id);
    throw error;
  }
}

const emailNotVerified = () =>
  forbidden("EMAIL_NOT_VERIFIED", "Open the link in the mail that confirms your address, then sign in.");

type CredentialDeps = Pick<SessionDeps, "accounts" | "signInLimits" | "findPending" | "requireSecondFactor"> &
  Partial<Pick<SessionDeps, "devices">>;

/** The id of a device on which this account was signed in to since its credentials changed. */
async function knownDevice({ accounts, devices }: CredentialDeps, { email, deviceToken }: SignIn) {
  const device = deviceToken && (await devices?.read(deviceToken));
  if (!device) return undefined;
  const account = await accounts.findByEmail(email);
  const isKnown = account?._id === device.accountId && credentialsOf(account) === device.version;
  return isKnown ? device.deviceId : undefined;
}

/** Throws the same 401 whether or not the account exists, and 429 after too many wrong tries. To the right password alone:
 * throws 403 when the sign-up is not confirmed, and another 401 without a right second factor. */
export async function checkCredentials(
  deps: CredentialDeps,
  credentials: SignIn,
  remoteAddress: string,
): Promise<Account & { gaveSecondFactor: boolean }> {
  const { accounts, signInLimits, findPending, requireSecondFactor } = deps;
  const { email, password, code, recoveryCode } = credentials;
  const account = hashOf(normaliseEmail(email));
  const deviceId = await knownDevice(deps, credentials);
  const keys = {
    ...{ perAddress: remoteAddress, perAccount: `${account}:${remoteAddress}` },
    ...(deviceId ? { perDevice: deviceId } : { strangers: account }),
  };
  return trying(signInLimits, keys, async () => {
    // Always both, so that the time does not tell.
    const [found, pending] = await Promise.all([accounts.findByEmail(email), findPending?.(email)]);
    const { passwordHash } = found ?? pending ?? {};
    if (!(await isPassword(password, passwordHash))) throw badCredentials();
    if (!found) throw emailNotVerified();
    const given = { ...(code && { code }), ...(recoveryCode && { recoveryCode }) };
    const gaveSecondFactor = (await requireSecondFactor?.(found._id, given)) ?? false;
    return { ...found, gaveSecondFactor };
  });
}

/** Throws like `checkCredentials`. When the password changes during the check, signing in fails: the change ended all
 * sessions. So does one for an owner whom the person no longer acts for. */
export async function signIn(
  deps: SessionDeps,
  credentials: SignIn,
  { remoteAddress, ...use }: SessionUse & { remoteAddress: string },
  ownerId?: string,
): Promise<Session> {
  const account = await checkCredentials(deps, credentials, remoteAddress);
  const token = newRefreshToken();
  const now = new Date();
  const secondFactorAt = account.gaveSecondFactor ? now : undefined;
  const chosen = await deps.chooseOwner?.({ accountId: account._id, ownerId, secondFactorAt });
  const session = {
    _id: token.family,
    accountId: account._id,
    ...(chosen && { ownerId: chosen.ownerId }),
    tokenHash: hashOf(token.secret),
    expiresAt: new Date(now.getTime() + REFRESH_TTL_MS),
    createdAt: now,
    lastUsedAt: now,
    ...(secondFactorAt && { secondFactorAt }),
    ...use,
  };
  await deps.accounts.openSession(session);
  const current = await deps.accounts.findById(account._id);
  if (current?.passwordHash !== account.passwordHash) {
    await deps.accounts.closeSession(token.family);
    throw badCredentials();
  }
  const acting = await actingIn(deps, session);
  await deps.accounts.closeOldSessions(account._id, token.family, SESSIONS_MAX);
  const device = { accountId: account._id, version: credentialsOf(account) };
  return {
    ...(await grant(deps, account._id, acting, token)),
    deviceToken: await deps.devices.issue(device),
  };
}

/** The session whose current token is the successor that this token led to a moment ago, and that successor. */
async function repeatedRefresh({ accounts }: SessionDeps, token: RefreshTokenParts, now: Date) {
  const session = await accounts.findSession(token.family, now);
  const { previous } = session ?? {};
  if (!session || previous?.tokenHash !== hashOf(token.secret)) return undefined;
  if (now.getTime() - previous.usedAt.getTime() > REFRESH_GRACE_MS) return undefined;
  const next = successorOf(token, previous.salt);
  // Fails when a process of an earlier version has rotated since: it leaves `previous` as it was.
  return session.tokenHash === hashOf(next.secret) ? { session, next } : undefined;
}

/** Throws 401 and ends the session when the token is neither its current one nor, within the grace, the one before, and when
 * the session is too old. */
export async function refreshSession(
  deps: SessionDeps,
  refreshToken: string,
  use: SessionUse = {},
  now = new Date(),
): Promise<Session> {
  const token = readRefreshToken(refreshToken);
  const salt = randomText(16);
  const next = successorOf(token, salt);
  const rotated = await deps.accounts.rotateSession(
    token.family,
    hashOf(token.secret),
    { tokenHash: hashOf(next.secret), salt, expiresAt: new Date(now.getTime() + REFRESH_TTL_MS), ...use },
    now,
  );
  const granted = rotated ? { session: rotated, next } : await repeatedRefresh(deps, token, now);
  if (!granted) {
    await deps.accounts.closeSession(token.family);
    throw badRefreshToken();
  }
  const { session } = granted;
  const acting = await actingIn(deps, session).catch((error) => {
    throw isForbidden(error) ? badRefreshToken() : error;
  });
  return grant(deps, session.accountId, acting, granted.next);
}

/** Ends the session and returns it. Succeeds also when there is none (RFC 7009, section 2.2). */
export const revokeSession = ({ accounts }: Pick<SessionDeps, "accounts">, refreshToken: string) =>
  accounts.closeSession(readRefreshToken(refreshToken).family);

/** Throws 401 unless it is the account's password, and 429 after too many wrong tries. */
export const requirePassword = (
  { accounts, signInLimits }: Pick<SessionDeps, "accounts" | "signInLimits">,
  accountId: string,
  password: string,
): Promise<Account> =>
  trying(signInLimits, { perAccount: `change:${accountId}` }, async () => {
    const found = await accounts.findById(accountId);
    if (!found || !(await isPassword(password, found.passwordHash))) throw badCredentials();
    return found;
  });

/** Ends all sessions of the account, both before and after the change: a crash in between leaves no old session. Returns
 * false when the password has changed since the account was read. */
export async function replacePassword(
  accounts: AccountStore,
  { _id, passwordHash }: Account,
  newHash: string,
): Promise<boolean> {
  await accounts.closeSessionsOf(_id);
  if (!(await accounts.changePassword(_id, passwordHash, newHash))) return false;
  await accounts.closeSessionsOf(_id);
  return true;
}

/** Ends all sessions of the account. Throws
 * 401 when the current password is wrong, 422 when the new one is easy to guess, and 429 after too many wrong tries. */
export async function changePassword(
  deps: Pick<SessionDeps, "accounts" | "signInLimits">,
  accountId: string,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
): Promise<void> {
  if (passwordForm(currentPassword) === passwordForm(newPassword))
    throw unprocessable("SAME_PASSWORD", "The new password is the same as the current one.");
  const account = await requirePassword(deps, accountId, currentPassword);
  const newHash = await hashNewPassword(newPassword, account, "/newPassword");
  if (!(await replacePassword(deps.accounts, account, newHash))) throw badCredentials();
}
