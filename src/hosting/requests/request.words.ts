import type { Language } from "#core/index.ts";

const inWords = (at: Date): string => `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
type Said = Record<Language, (from: Date, to: Date) => string>;

/** What is wrong with a moment to go back to. */
export const momentWords = {
  not_a_time: {
    en: () => "is not a time. Give day, time and offset, for example 2026-11-22T02:35:53+01:00",
    da: () =>
      "er ikke et tidspunkt. Angiv dag, tid og forskel fra UTC, for eksempel 2026-11-22T02:35:53+01:00",
  },
  no_offset: {
    en: () =>
      "does not say its offset from UTC. At a clock change a local time is there twice or not at all; give for example +01:00 or Z",
    da: () =>
      "mangler forskellen fra UTC. Når uret stilles, findes en lokal tid to gange eller slet ikke; angiv for eksempel +01:00 eller Z",
  },
  in_future: { en: () => "lies in the future", da: () => "ligger i fremtiden" },
  no_base: {
    en: () => "cannot be restored: there is no base backup yet",
    da: () => "kan ikke gendannes: der er endnu ingen fuld sikkerhedskopi",
  },
  before_window: {
    en: (from) => `lies before the first moment that can be restored, ${inWords(from)}`,
    da: (from) => `ligger før det første tidspunkt, der kan gendannes, ${inWords(from)}`,
  },
  in_gap: {
    en: (from, to) => `lies in a gap: nothing between ${inWords(from)} and ${inWords(to)} can be restored`,
    da: (from, to) => `ligger i et hul: intet mellem ${inWords(from)} og ${inWords(to)} kan gendannes`,
  },
} satisfies Record<string, Said>;

export type WrongMoment = keyof typeof momentWords;

export const keyWords: Said = {
  en: () => "has 1 to 40 lower-case letters, digits and single hyphens, a letter first",
  da: () => "har 1 til 40 små bogstaver, cifre og enkelte bindestreger, et bogstav først",
};
