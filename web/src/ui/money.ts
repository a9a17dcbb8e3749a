/** Digits of the currency's minor unit. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** An amount in the currency's minor unit, as people of this language write it. The exponent is the currency's own by default. */
export function money(amount: number, currency: string, exponent?: number, language = "en"): string {
  const style = { style: "currency", currency } as const;
  const digits = exponent ?? digitsOf(currency);
  const format = new Intl.NumberFormat(language, {
    ...style,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(amount / 10 ** digits);
}

/** What a person typed, in the minor unit; undefined when it is no amount. */
export function minorUnits(text: string, exponent = 2): number | undefined {
  const plain = text.trim().replace(",", ".");
  if (!/^\d{1,7}(\.\d*)?$/.test(plain)) return undefined;
  const [, decimals = ""] = plain.split(".");
  if (decimals.length > exponent) return undefined;
  return Number(plain.replace(".", "") + "0".repeat(exponent - decimals.length));
}
