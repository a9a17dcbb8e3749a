// The language of the pages: the browser's, or the one chosen. English texts are the keys of the dictionary.
import { useEffect, useState } from "preact/hooks";
import { GERMAN } from "./german.ts";

export type Language = "en" | "de";
const KEY = "language";
const listeners = new Set<() => void>();

let current: Language = "en";

/** Reads the choice of this tab, or the browser's language. */
export function startLanguage() {
  const chosen = sessionStorage.getItem(KEY) ?? navigator.language;
  setLanguage(chosen.startsWith("de") ? "de" : "en");
}

export const language = (): Language => current;

export function setLanguage(next: Language) {
  current = next;
  sessionStorage.setItem(KEY, next);
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

/** Draws the component again when the language changes. */
export function useLanguage(): Language {
  const [, draw] = useState(0);
  useEffect(() => {
    const listener = () => draw((count) => count + 1);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return current;
}

/** The text in the current language, with its values filled in. */
export function t(text: string, values: Record<string, string | number> = {}): string {
  const found = current === "de" ? (GERMAN[text] ?? text) : text;
  return found.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export const timeOfDay = (at: string | number): string =>
  new Date(at).toLocaleTimeString(current, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const timeWithSeconds = (at: string | number): string =>
  new Date(at).toLocaleTimeString(current, { timeStyle: "medium", hourCycle: "h23" });
