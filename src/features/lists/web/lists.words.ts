import { defineWords } from "#ui/index.ts";

export const listWords = defineWords({
  new: { en: "New", da: "Ny" },
  newOf: { en: (one: string) => `New ${one}`, da: (one: string) => `Ny ${one}` },
  export: { en: "Export…", da: "Eksportér…" },
  columns: { en: "Columns", da: "Kolonner" },
  reset: { en: "As shipped", da: "Som leveret" },
  list: { en: "List", da: "Liste" },
  board: { en: "Board", da: "Tavle" },
  view: { en: "Show as", da: "Vis som" },
  inTerritories: { en: "in your territories", da: "i dine områder" },
  own: { en: "that you are responsible for", da: "som du har ansvar for" },
  inGroups: { en: "of your groups", da: "i dine grupper" },
  about: { en: (count: string) => `about ${count}`, da: (count: string) => `ca. ${count}` },
  sortedBy: { en: (field: string) => `Sorted by ${field}`, da: (field: string) => `Sorteret efter ${field}` },
  descending: { en: "falling", da: "faldende" },
  nothingFound: { en: "Nothing matches these filters.", da: "Intet opfylder filtrene." },
  removeFilters: { en: "Remove the filters", da: "Fjern filtrene" },
  nothingYet: {
    en: (many: string) => `There are no ${many} here yet that you may see.`,
    da: (many: string) => `Der er endnu ingen ${many} her, som du må se.`,
  },
  binEmpty: { en: "The bin is empty.", da: "Papirkurven er tom." },
  unknownModule: {
    en: "There is no such page, or your access level has no menu for it.",
    da: "Siden findes ikke, eller dit adgangsniveau har ingen menu til den.",
  },
});
