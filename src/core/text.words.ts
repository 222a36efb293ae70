import type { Words } from "./words.ts";

export const textWords = {
  broken: { en: "contains characters that are not text", da: "indeholder tegn, der ikke er tekst" },
} satisfies Record<string, Words>;
