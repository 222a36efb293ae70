import { field, type Module } from "#records/index.ts";

export const activity: Module = {
  name: "activity",
  path: "activities",
  words: { en: { one: "Activity", many: "Activities" }, da: { one: "Aktivitet", many: "Aktiviteter" } },
  titleField: "name",
  defaultSort: "dueAt",
  detailField: "dueAt",
  fields: [
    field.text("name", { en: "Subject", da: "Emne" }, { required: true, listed: true, sortable: true }),
    field.choice(
      "kind",
      { en: "Kind", da: "Slags" },
      [
        { value: "task", words: { en: "Task", da: "Opgave" } },
        { value: "call", words: { en: "Call", da: "Opkald" } },
        { value: "meeting", words: { en: "Meeting", da: "Møde" } },
      ],
      { required: true, listed: true },
    ),
    field.of("dateTime", "dueAt", { en: "Due", da: "Frist" }, { listed: true, sortable: true }),
    field.of("dateTime", "doneAt", { en: "Done", da: "Udført" }, { listed: true }),
    field.relation(
      "organisation",
      "organisation",
      { en: "Organisation", da: "Virksomhed" },
      { listed: true, places: true },
    ),
    field.relation("person", "person", { en: "Person", da: "Person" }, { places: true }),
    field.relation("opportunity", "opportunity", { en: "Opportunity", da: "Salgsmulighed" }),
    field.kind("longText", "notes", { en: "Notes", da: "Noter" }),
  ],
};
