/** A strong validator (RFC 9110, section 8.8.3) of these bytes. */
export const etagOf = (bytes: string): string => `"${Bun.hash(bytes).toString(36)}"`;

/** Whether the client already has this version: If-None-Match compares weakly and may list several. */
export const isFresh = (ifNoneMatch: string | null | undefined, etag: string): boolean =>
  ifNoneMatch != null &&
  (ifNoneMatch === "*" || ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag));
