// A refresh token is `<family>.<secret>`. The family is the session's `_id`, and only the secret's hash is stored.
// The next secret is the HMAC of the used one under a random salt, so the used token alone leads to its successor: a repeat
// within the grace gets the token that the first use got, and the database, which has the salt, leads to no token at all.

export interface RefreshTokenParts {
  family: string;
  secret: string;
}

export const randomText = (bytes: number) =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64url");

export const hashOf = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("base64url");

export const newRefreshToken = (): RefreshTokenParts => ({ family: randomText(16), secret: randomText(32) });

export const writeRefreshToken = ({ family, secret }: RefreshTokenParts) => `${family}.${secret}`;

/** Of any text: one that is no refresh token fits no session. */
export function readRefreshToken(text: string): RefreshTokenParts {
  const [family = "", secret = ""] = text.split(".");
  return { family, secret };
}

export const successorOf = ({ family, secret }: RefreshTokenParts, salt: string): RefreshTokenParts => ({
  family,
  secret: new Bun.CryptoHasher("sha256", secret).update(salt).digest("base64url"),
});

/** The id of a session towards clients and other services, which leads to no refresh token. */
export const sessionIdOf = (family: string) =>
  `ses_${new Bun.CryptoHasher("sha256").update(family).digest("hex").slice(0, 26)}`;
