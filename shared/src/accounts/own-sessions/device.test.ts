import { describe, expect, test } from "bun:test";
import { deviceOf } from "./device.ts";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

describe("the device of a User-Agent", () => {
  test.each([
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
      "Firefox on Windows",
    ],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/141.0 Safari/537.36 Edg/141.0`,
      "Edge on Windows",
    ],
    [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/141.0 Safari/537.36 OPR/120.0`, "Opera on Linux"],
    [`Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} Chrome/141.0 Mobile Safari/537.36`, "Chrome on Android"],
    [
      `Mozilla/5.0 (Linux; Android 10; K) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0`,
      "Samsung Internet on Android",
    ],
    [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/141.0 Safari/537.36`, "Chrome on ChromeOS"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1", "Safari on iPhone"],
    ["Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) CriOS/141.0 Safari/604.1", "Chrome on iPad"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.6 Safari/605.1.15", "Safari on Mac"],
    ["FoodApp/2.1 (iPhone; iOS 18.6)", "FoodApp on iPhone"],
    ["okhttp/4.12.0", "okhttp"],
    ["curl", "curl"],
    ["Mozilla/5.0 (Windows NT 10.0)", "Windows"],
  ])("%p is %p", (userAgent, device) => expect(deviceOf(userAgent)).toBe(device));

  test.each([[""], ["Mozilla/5.0"], ["<script>alert(1)</script>"], ["\u0000\u0001"], ["x".repeat(10_000)]])(
    "%p is none",
    (userAgent) => expect(deviceOf(userAgent)).toBeUndefined(),
  );
});
