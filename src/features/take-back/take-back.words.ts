import type { Words } from "#core/index.ts";

/** Why taking back stopped before its end; then nothing of it was done. */
export const stopWords = {
  failed: {
    en: "It failed for a reason of ours, which has been logged. Nothing was changed; you may try again.",
    da: "Det mislykkedes af en grund hos os, som er logget. Intet blev ændret; du kan prøve igen.",
  },
  rightLost: {
    en: "Your rights changed or you signed out everywhere meanwhile. Nothing was changed.",
    da: "Dine rettigheder blev ændret, eller du loggede ud overalt imens. Intet blev ændret.",
  },
} satisfies Record<string, Words>;
