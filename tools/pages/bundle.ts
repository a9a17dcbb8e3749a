// The web pages as static files. Scripts and styles carry a hash of their content in their names, so that browsers may keep
// them for ever.
import { join } from "node:path";
import type { ServiceName } from "../services.ts";

export type Addresses = Record<ServiceName, string>;

export interface PageFile {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
  /** Whether the name changes with the content. */
  isKept: boolean;
}

const SOURCE = join(import.meta.dir, "../../web/src");
const encoder = new TextEncoder();
const named = (name: string, content: string, ending: string) =>
  `${name}-${Bun.hash(content).toString(36)}.${ending}`;

const file = (text: string, type: string, isKept = false): PageFile => ({
  bytes: encoder.encode(text),
  type: `${type}; charset=utf-8`,
  isKept,
});

async function built(entry: string): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [join(SOURCE, entry)],
    minify: true,
    target: "browser",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const [output] = outputs;
  if (!output) throw new Error(`The bundle of ${entry} is empty`);
  return output.text();
}

/** Every file of the pages but config.json, by name. */
export async function bundlePages(): Promise<Map<string, PageFile>> {
  const [script, style, page] = await Promise.all([
    built("main.ts"),
    built("style.css"),
    Bun.file(join(SOURCE, "index.html")).text(),
  ]);
  const scriptName = named("app", script, "js");
  const styleName = named("style", style, "css");
  return new Map([
    ["index.html", file(page.replace("SCRIPT", scriptName).replace("STYLE", styleName), "text/html")],
    [scriptName, file(script, "text/javascript", true)],
    [styleName, file(style, "text/css", true)],
  ]);
}

/** Files with a hash in their name never change. */
export const cacheControl = (isKept: boolean): string =>
  isKept ? "public, max-age=31536000, immutable" : "no-cache";

/** The headers of every answer. The pages talk to the services, and load nothing from anywhere else. */
export const securityHeaders = (addresses: Addresses): Record<string, string> => ({
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${[...new Set(Object.values(addresses).map((address) => new URL(address).origin))].join(" ")}`,
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "permissions-policy": "geolocation=(self), camera=(), microphone=(), payment=()",
  "cross-origin-opener-policy": "same-origin",
});

/** What a page must know about its platform. */
export const configText = (services: Addresses, demo?: { password: string; life?: object }): string =>
  JSON.stringify({
    services,
    ...(demo && { demo: { password: demo.password, canLive: demo.life !== undefined } }),
  });
