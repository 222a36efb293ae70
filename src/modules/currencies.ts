import type { Choice } from "#records/index.ts";

const codes = ["USD", "EUR", "DKK", "SEK", "NOK", "GBP", "CHF", "JPY", "CAD", "AUD"];

/** Currencies a value can be in, by ISO 4217 code. */
export const currencies: readonly Choice[] = codes.map((value) => ({
  value,
  words: { en: value, da: value },
}));
