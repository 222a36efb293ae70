import { defineWords } from "#ui/index.ts";

export const fieldWords = defineWords({
  noMatch: { en: "Nothing found", da: "Intet fundet" },
  typeToFind: { en: "Type to find…", da: "Skriv for at finde…" },
  nobody: { en: "Nobody", da: "Ingen" },
  dateExample: { en: "24 Dec 2026", da: "24.12.2026" },
  timeExample: { en: "24 Dec 2026 14:30", da: "24.12.2026 14.30" },
  noSuch: {
    en: (typed: string) => `Nothing called “${typed}” was chosen. Choose one from the list.`,
    da: (typed: string) => `Der er ikke valgt noget med navnet “${typed}”. Vælg fra listen.`,
  },
  noDate: {
    en: (example: string) => `This is not understood as a date. Write it so: ${example}.`,
    da: (example: string) => `Det kan ikke læses som en dato. Skriv den sådan: ${example}.`,
  },
  noNumber: { en: "This is not understood as a number.", da: "Det kan ikke læses som et tal." },
  pickDay: { en: "Pick a day", da: "Vælg en dag" },
  required: {
    en: (field: string) => `${field} is required.`,
    da: (field: string) => `${field} skal udfyldes.`,
  },
});
