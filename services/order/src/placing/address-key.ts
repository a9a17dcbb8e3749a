import type { PostalAddress } from "@food/shared/values/fields";

/** One text for all spellings of a postal address that differ in case, spaces or punctuation alone. The position is left
 * out: it is another one with every tap on a map. */
export const addressKeyOf = ({ country, postalCode = "", city, line1 }: PostalAddress): string =>
  [country, postalCode, city, line1]
    .map((part) =>
      part
        .normalize("NFKC")
        .toLowerCase()
        .replace(/[^\p{L}\p{M}\p{N}]+/gu, ""),
    )
    .join("|");
