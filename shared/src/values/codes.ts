// The codes of countries and currencies, from lists that others keep: ISO 3166-1, the currencies in use by the Unicode
// CLDR, and the address formats of Google's libaddressinput.
import currencyData from "cldr-core/supplemental/currencyData.json";
import { iso31661 } from "iso-3166/1.js";
import { formatAddress } from "localized-address-format";

/** Kosovo has no code in ISO 3166-1. XK is from the range for users, and in general use. */
const KOSOVO = "XK";

/** `from` is missing for what has never been legal tender anywhere, such as gold. */
interface Tender {
  _from?: string;
  _to?: string;
  _tender?: string;
}

function currenciesOn(today: string): Set<string> {
  const regions: Record<string, Record<string, Tender>[]> = currencyData.supplemental.currencyData.region;
  const isTender = ({ _from, _to = today, _tender }: Tender) =>
    _tender !== "false" && _from !== undefined && _from <= today && today <= _to;
  const tenders = Object.values(regions).flatMap((region) => region.flatMap((one) => Object.entries(one)));
  return new Set(tenders.filter(([, tender]) => isTender(tender)).map(([code]) => code));
}

let countries: Set<string> | undefined;
let currencies: Set<string> | undefined;

export function isCountry(code: string): boolean {
  countries ??= new Set([...iso31661.map(({ alpha2 }) => alpha2), KOSOVO]);
  return countries.has(code);
}

/** Whether it is legal tender somewhere, at the first time of asking. */
export function isCurrency(code: string): boolean {
  currencies ??= currenciesOn(new Date().toISOString().slice(0, 10));
  return currencies.has(code);
}

/** Whether addresses in this country have a postal code. */
export const hasPostalCodes = (country: string): boolean =>
  formatAddress({ postalCountry: country, postalCode: "0" }).some((line) => line.includes("0"));
