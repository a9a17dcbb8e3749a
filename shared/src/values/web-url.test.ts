import { describe, expect, test } from "bun:test";
import { isPublicHttpsUrl, WEB_URL_MAX } from "./web-url.ts";

const ofLength = (length: number) => `https://example.com/${"a".repeat(length - 20)}`;

describe("isPublicHttpsUrl", () => {
  test.each([
    "https://images.example.com/margherita.jpg",
    "https://example.com:8443/a?b=c#d",
    "https://xn--mnchen-3ya.de/pizza.webp",
    "https://münchen.de/pizza.webp",
    "https://10.example.com/",
    ofLength(WEB_URL_MAX),
  ])("accepts %s", (url) => {
    expect(isPublicHttpsUrl(url)).toBe(true);
  });

  test.each([
    "",
    "javascript:alert(1)",
    "https:javascript",
    "java\nscript:alert(1)",
    " https://example.com/",
    "https://example.com/a b",
    "https://example.com/\u0000",
    "https://exam\u00adple.com/",
    "https://example.com\\@evil.com/",
    "http://example.com/",
    "data:image/png;base64,AAAA",
    "//example.com/a.png",
    "https://user@example.com/",
    "https://user:secret@example.com/",
    "https://",
    "https://localhost/a.png",
    "https://localhost./a.png",
    "https://printer/a.png",
    "https://printer.local/a.png",
    "https://db.internal/a.png",
    "https://127.0.0.1/a.png",
    "https://127.0.0.1./a.png",
    "https://2130706433/a.png",
    "https://0x7f000001/a.png",
    "https://0177.1/a.png",
    "https://10.0.0.1/a.png",
    "https://192.168.1.1/a.png",
    "https://169.254.169.254/latest/meta-data",
    "https://8.8.8.8/a.png",
    "https://[::1]/a.png",
    "https://[fd00::1]/a.png",
    "https://[::ffff:10.0.0.1]/a.png",
    "https://１２７.0.0.1/a.png",
    "https://a..com/a.png",
    ofLength(WEB_URL_MAX + 1),
  ])("refuses %j", (url) => {
    expect(isPublicHttpsUrl(url)).toBe(false);
  });
});
