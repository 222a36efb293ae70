import { defineWords } from "#ui/index.ts";

export const appWords = defineWords({
  unknownPage: {
    en: "There is no such page, or your access level has no menu for it.",
    da: "Siden findes ikke, eller dit adgangsniveau har ingen menu til den.",
  },
});
