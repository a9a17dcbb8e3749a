// What must not and what must be in the log of a run.
import type { Platform } from "../platform.ts";

interface Line {
  msg?: string;
  status?: number;
  requestId?: string;
}

/** A log with one JSON object on each line. Throws for any other line. The last may still be on its way. */
export const linesOf = (log: string): Line[] =>
  log
    .slice(0, log.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);

/** What nobody may read in a log, by what it is. */
export function secretsOf(
  platform: Platform,
  tokens: Record<string, string | undefined>,
  passwords: string[],
) {
  const secrets: [string, string][] = [];
  for (const [name, token] of Object.entries(tokens))
    if (token) secrets.push([`token of ${name}`, token], [`its signature`, token.split(".")[2] ?? token]);
  for (const [service, key] of Object.entries(platform.signingKeys))
    secrets.push([`private key of ${service}`, (JSON.parse(key) as { d: string }).d]);
  for (const url of Object.values(platform.mongoUrls)) {
    const { password } = new URL(url.replace(/,[^/]*/, ""));
    if (password) secrets.push(["password of MongoDB", password]);
  }
  return [...secrets, ...passwords.map((password): [string, string] => ["a password", password])];
}
