// Country and currency codes. Sources: ISO 3166-1, ISO 4217, the currencies in use according to Unicode CLDR, and the address
// formats of Google's libaddressinput.
import currencyData from "cldr-core/supplemental/currencyData.json";
import { iso31661 } from "iso-3166/1.js";
import { formatAddress } from "localized-address-format";

/** Kosovo has no ISO 3166-1 code. XK is a user-assigned code in general use. */
const KOSOVO = "XK";

/** `_from` is missing for a currency that was never legal tender, such as gold. */
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

/** Whether the currency is legal tender in some region. The date of the first call decides. */
export function isCurrency(code: string): boolean {
  currencies ??= currenciesOn(new Date().toISOString().slice(0, 10));
  return currencies.has(code);
}

/** ISO 4217, table A.1: the currencies whose minor unit is not a hundredth. CLDR has other digits for some. */
const EXPONENTS = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};
const exponents = new Map(
  Object.entries(EXPONENTS).flatMap(([digits, codes]) =>
    codes.split(" ").map((code) => [code, Number(digits)] as const),
  ),
);

/** Digits of the currency's minor unit. */
export const currencyExponent = (code: string): number => exponents.get(code) ?? 2;

/** Whether addresses in this country have a postal code. */
export const hasPostalCodes = (country: string): boolean =>
  formatAddress({ postalCountry: country, postalCode: "0" }).some((line) => line.includes("0"));
