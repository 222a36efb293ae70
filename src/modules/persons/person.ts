import { field, type Module } from "#records/index.ts";

export const person: Module = {
  name: "person",
  path: "persons",
  words: { en: { one: "Person", many: "Persons" }, da: { one: "Person", many: "Personer" } },
  titleField: "name",
  defaultSort: "name",
  detailField: "organisation",
  follows: "organisation",
  fields: [
    field.text("name", { en: "Name", da: "Navn" }, { readOnly: true, listed: true, sortable: true }),
    field.text("firstName", { en: "First name", da: "Fornavn" }),
    field.text("lastName", { en: "Last name", da: "Efternavn" }, { required: true }),
    field.relation(
      "organisation",
      "organisation",
      { en: "Organisation", da: "Virksomhed" },
      { required: true, listed: true, places: true },
    ),
    field.text("title", { en: "Title", da: "Titel" }, { listed: true }),
    field.kind("email", "email", { en: "E-mail", da: "E-mail" }, { listed: true }),
    field.kind("phone", "phone", { en: "Phone", da: "Telefon" }, { listed: true }),
    field.kind("longText", "notes", { en: "Notes", da: "Noter" }),
  ],
};
