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
  offlineNow: {
    en: "There is no connection to the server. It is looked for again and again.",
    da: "Der er ingen forbindelse til serveren. Den bliver søgt igen og igen.",
  },
  changesWait: {
    en: (count: number) =>
      count === 1
        ? "One change waits here and is not saved yet."
        : `${count} changes wait here and are not saved yet.`,
    da: (count: number) =>
      count === 1
        ? "Én ændring venter her og er ikke gemt endnu."
        : `${count} ændringer venter her og er ikke gemt endnu.`,
  },
  notSaved: {
    en: (field: string) => `${field} could not be saved; what you typed is kept.`,
    da: (field: string) => `${field} kunne ikke gemmes; det, du har skrevet, er bevaret.`,
  },
  changedMeanwhile: {
    en: "Somebody else changed it meanwhile.",
    da: "En anden har ændret det imens.",
  },
  look: { en: "Look at it", da: "Se på det" },
  partMissing: {
    en: "This part of the page could not be fetched.",
    da: "Denne del af siden kunne ikke hentes.",
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
