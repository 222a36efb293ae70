import type { Words } from "#core/index.ts";

export const recordWords = {
  twoDecimals: { en: "may have at most two decimals", da: "må højst have to decimaler" },
  calendar: {
    en: "must be a day between the years 1000 and 9999",
    da: "skal være en dag mellem år 1000 og 9999",
  },
  notFoundHere: { en: "does not exist, or you may not see it", da: "findes ikke, eller du må ikke se det" },
  ownAncestor: { en: "cannot be below itself", da: "kan ikke ligge under sig selv" },
} satisfies Record<string, Words>;
