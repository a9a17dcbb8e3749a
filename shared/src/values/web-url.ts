// URLs that strangers' browsers open. A name that resolves to a private address cannot be told from its text.

export const WEB_URL_MAX = 2_000;

/** Domains without public addresses: RFC 6761, 6762, 7686, 8375 and 9476, and ICANN's list of names in private use. */
const PRIVATE_DOMAINS = new Set(
  "local localhost internal private intranet lan home corp test invalid example onion alt arpa".split(" "),
);

/** Whether it is an https URL with a public domain name. Refuses addresses in any notation, and credentials. */
export function isPublicHttpsUrl(text: string): boolean {
  if (text.length > WEB_URL_MAX || !/^https:\/\/[^\s\p{C}\\]+$/u.test(text)) return false;
  const url = URL.parse(text);
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return false;
  // URL writes every notation of an IPv4 address in decimal, and IPv6 in brackets.
  const labels = url.hostname.replace(/\.$/, "").split(".");
  const top = labels.at(-1) ?? "";
  return labels.length > 1 && !labels.includes("") && /^[a-z]/.test(top) && !PRIVATE_DOMAINS.has(top);
}
