import { createContext, use } from "react";

export const languages = ["en", "da"] as const;
export type Language = (typeof languages)[number];

/** Values may be put into a phrase; both languages take the same ones. */
type Phrase = Record<Language, string> | Record<Language, (...values: any[]) => string>;

type Dictionary = Record<string, Phrase>;
type Said<D extends Dictionary> = {
  readonly [K in keyof D]: D[K]["en"] extends string ? string : D[K]["en"];
};

/** A dictionary of words shown to people. A phrase without one of the languages does not compile. */
export function defineWords<const D extends Dictionary>(dictionary: D): D {
  return dictionary;
}

const said = new WeakMap<Dictionary, Map<Language, unknown>>();

export function wordsIn<D extends Dictionary>(dictionary: D, language: Language): Said<D> {
  const known = said.get(dictionary) ?? new Map<Language, unknown>();
  said.set(dictionary, known);
  if (!known.has(language)) {
    const entries = Object.entries(dictionary).map(([key, phrase]) => [key, phrase[language]]);
    known.set(language, Object.fromEntries(entries));
  }
  return known.get(language) as Said<D>;
}

export const LanguageContext = createContext<Language>("en");
export const useLanguage = (): Language => use(LanguageContext);

export function useWords<D extends Dictionary>(dictionary: D): Said<D> {
  return wordsIn(dictionary, useLanguage());
}

const storageKey = "strongroom.language";

/** The language before anybody has signed in: the last one used here, else the browser's. */
export function browserLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored === "en" || stored === "da") return stored;
  return /^(da|nb|nn|no)\b/.test(navigator.language) ? "da" : "en";
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
  document.documentElement.lang = language;
}
