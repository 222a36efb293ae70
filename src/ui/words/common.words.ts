import { defineWords } from "./words.ts";

export const commonWords = defineWords({
  save: { en: "Save", da: "Gem" },
  cancel: { en: "Cancel", da: "Annullér" },
  close: { en: "Close", da: "Luk" },
  clear: { en: "Clear", da: "Ryd" },
  undo: { en: "Undo", da: "Fortryd" },
  add: { en: "Add", da: "Tilføj" },
  remove: { en: "Remove", da: "Fjern" },
  create: { en: "Create", da: "Opret" },
  edit: { en: "Edit", da: "Redigér" },
  more: { en: "More", da: "Mere" },
  tryAgain: { en: "Try again", da: "Prøv igen" },
  loading: { en: "Loading…", da: "Henter…" },
  none: { en: "None", da: "Ingen" },
  name: { en: "Name", da: "Navn" },
  level: { en: "Level", da: "Niveau" },
  territory: { en: "Territory", da: "Område" },
  territories: { en: "Territories", da: "Områder" },
  groups: { en: "Groups", da: "Grupper" },
  responsible: { en: "Responsible", da: "Ansvarlig" },
  secondResponsible: { en: "Second responsible", da: "Medansvarlig" },
  yes: { en: "Yes", da: "Ja" },
  no: { en: "No", da: "Nej" },
  done: { en: "Done", da: "Færdig" },
  offline: {
    en: "There is no connection. What you typed is kept here.",
    da: "Der er ingen forbindelse. Det, du har skrevet, er gemt her.",
  },
  unexpected: {
    en: "Something went wrong on our side. What you typed is kept.",
    da: "Noget gik galt hos os. Det, du har skrevet, er gemt.",
  },
  reference: { en: (id: string) => `Reference ${id}`, da: (id: string) => `Reference ${id}` },
  missingRight: {
    en: (verb: string, module: string) => `The missing right is “${verb} ${module}”.`,
    da: (verb: string, module: string) => `Den manglende rettighed er “${verb} ${module}”.`,
  },
});

export const verbWords = defineWords({
  view: { en: "view", da: "se" },
  create: { en: "create", da: "opret" },
  edit: { en: "edit", da: "redigér" },
  delete: { en: "delete", da: "slet" },
  export: { en: "export", da: "eksportér" },
  reassign: { en: "reassign", da: "flyt ansvar for" },
});

export const scopeWords = defineWords({
  none: { en: "none", da: "ingen" },
  own: { en: "own", da: "egne" },
  group: { en: "group", da: "gruppens" },
  all: { en: "all", da: "alle" },
});
