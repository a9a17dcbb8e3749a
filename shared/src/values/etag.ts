import { Type } from "@sinclair/typebox";

/** Headers of conditional requests. No length limit here: they may list many validators, and the server limits headers. */
export const IfNoneMatch = Type.Object({ "if-none-match": Type.Optional(Type.String()) });
export const IfMatch = Type.Object({
  "if-match": Type.Optional(Type.String({ description: "The ETag of the version to change" })),
});

/** A strong validator (RFC 9110, section 8.8.3). */
export const etagOf = (bytes: string): string => `"${Bun.hash(bytes).toString(36)}"`;

/** Whether the client already has this version: If-None-Match compares weakly and may list several. */
export const isFresh = (ifNoneMatch: string | null | undefined, etag: string): boolean =>
  ifNoneMatch != null &&
  (ifNoneMatch === "*" || ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag));

/** The versions that If-Match lists (RFC 9110, section 13.1.1). Undefined when any version matches. */
export function versionsIn(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined || ifMatch === "*") return undefined;
  return ifMatch.split(",").flatMap((tag) => {
    const version = /^"([1-9]\d{0,8})"$/.exec(tag.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}
