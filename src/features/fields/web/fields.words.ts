import { defineWords } from "#ui/index.ts";

export const fieldWords = defineWords({
  noMatch: { en: "Nothing found", da: "Intet fundet" },
  typeToFind: { en: "Type to find…", da: "Skriv for at finde…" },
  nobody: { en: "Nobody", da: "Ingen" },
  dateExample: { en: "for example 24 Dec 2026", da: "for eksempel 24.12.2026" },
  timeExample: { en: "for example 24 Dec 2026 14:30", da: "for eksempel 24.12.2026 14.30" },
  required: {
    en: (field: string) => `${field} is required.`,
    da: (field: string) => `${field} skal udfyldes.`,
  },
});
