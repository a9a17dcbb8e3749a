import type { PostalAddress } from "@food/shared/values/fields";

/** One key for all spellings of a postal address that differ only in case, spaces or punctuation. The
 * position is not part of it, because each tap on a map gives another one. */
export const addressKeyOf = ({ country, postalCode = "", city, line1 }: PostalAddress): string =>
  [country, postalCode, city, line1]
    .map((part) =>
      part
        .normalize("NFKC")
        .toLowerCase()
        .replace(/[^\p{L}\p{M}\p{N}]+/gu, ""),
    )
    .join("|");
