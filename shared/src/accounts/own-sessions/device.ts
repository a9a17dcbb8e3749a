// A device in a few words, from its `User-Agent`: enough for its owner to recognise it.

/** The first that fits: browsers also name those with which they are compatible. */
const PROGRAMS: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\b(Macintosh|Mac OS X)\b/, "Mac"],
  [/\bLinux\b/, "Linux"],
];
/** The first product (RFC 9110, section 10.1.5), unless it is that of all browsers. */
const PRODUCT = /^(?!Mozilla\b)[\w.-]{1,40}(?=[/ ]|$)/;
const READ_MAX = 400;

const nameIn = (text: string, names: [RegExp, string][]) =>
  names.find(([pattern]) => pattern.test(text))?.[1];

/** Such as `Firefox on Windows`. Undefined when it says nothing that is known. */
export function deviceOf(userAgent: string): string | undefined {
  const text = userAgent.slice(0, READ_MAX);
  const program = PRODUCT.exec(text)?.[0] ?? nameIn(text, PROGRAMS);
  const system = nameIn(text, SYSTEMS);
  return program && system ? `${program} on ${system}` : (program ?? system);
}
