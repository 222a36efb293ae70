import type { MissingRight } from "./refusal.ts";
import type { Language, Words } from "./words.ts";

const verbs: Readonly<Record<string, Words>> = {
  view: { en: "see", da: "se" },
  create: { en: "add", da: "oprette" },
  edit: { en: "change", da: "ændre" },
  delete: { en: "delete", da: "slette" },
  export: { en: "export", da: "eksportere" },
  reassign: { en: "reassign", da: "overdrage" },
};

const sentences: Record<Language, (right: MissingRight, verb: string) => string> = {
  en: ({ missing, scope, belongsTo }, verb) =>
    missing === "verb"
      ? `Your access level does not let you ${verb} these records. An administrator can change that.`
      : missing === "territory"
        ? `Your access level lets you ${verb} records in your territories; this one is in another.`
        : `Your access level lets you ${verb} ${scope === "own" ? "your own records" : "records of your groups"}; this one belongs to ${belongsTo === null ? "nobody" : (belongsTo ?? "somebody else")}.`,
  da: ({ missing, scope, belongsTo }, verb) =>
    missing === "verb"
      ? `Dit adgangsniveau lader dig ikke ${verb} disse poster. En administrator kan ændre det.`
      : missing === "territory"
        ? `Dit adgangsniveau lader dig ${verb} poster i dine områder; denne er i et andet.`
        : `Dit adgangsniveau lader dig ${verb} ${scope === "own" ? "dine egne poster" : "dine gruppers poster"}; denne hører til ${belongsTo === null ? "ingen" : (belongsTo ?? "en anden")}.`,
};

/** What exactly is missing: who has the verb and lacks the reach is not told that he lacks the verb. */
export const missingSentence = (right: MissingRight, language: Language): string =>
  sentences[language](right, verbs[right.verb]?.[language] ?? right.verb);
