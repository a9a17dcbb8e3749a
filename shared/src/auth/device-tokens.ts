// A device token says that an account has been signed in to on a device before. It opens nothing: a sign-in that sends it
// is not held back by the wrong passwords of strangers. It ends with the account's credentials.
import { createLocalJWKSet, jwtVerify, SignJWT } from "jose";
import { newId } from "../values/id.ts";
import type { SigningKeys } from "./tokens.ts";

/** Which account, with which credentials. */
export interface KnownDevice {
  accountId: string;
  /** Changes with the account's credentials. */
  version: string;
}

export interface DeviceTokens {
  issue: (device: KnownDevice) => Promise<string>;
  /** Undefined for any other text. */
  read: (token: string) => Promise<(KnownDevice & { deviceId: string }) | undefined>;
}

export const DEVICE_DAYS = 180;
/** Not the type of an access token, so neither can stand for the other. */
const TYPE = "device+jwt";
const ALGORITHM = "EdDSA";

export function deviceTokens(issuer: string, keys: SigningKeys): DeviceTokens {
  const keySet = createLocalJWKSet(keys.publicKeys);
  return {
    issue: ({ accountId, version }) =>
      new SignJWT({ version })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: keys.keyId })
        .setIssuer(issuer)
        .setSubject(accountId)
        .setJti(newId("dev"))
        .setIssuedAt()
        .setExpirationTime(`${DEVICE_DAYS}d`)
        .sign(keys.privateKey),

    async read(token) {
      try {
        const { payload } = await jwtVerify(token, keySet, {
          ...{ issuer, algorithms: [ALGORITHM], typ: TYPE },
          requiredClaims: ["sub", "jti", "exp", "version"],
        });
        const { sub: accountId = "", jti: deviceId = "", version } = payload;
        return { accountId, deviceId, version: String(version) };
      } catch {
        return undefined;
      }
    },
  };
}
