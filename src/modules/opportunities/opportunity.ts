import { field, type Module } from "#records/index.ts";
import { closingDay } from "./closing-day.ts";
import { listStages } from "./stage.store.ts";
import { currencies } from "../currencies.ts";

export const opportunity: Module = {
  name: "opportunity",
  path: "opportunities",
  words: {
    en: { one: "Opportunity", many: "Opportunities" },
    da: { one: "Salgsmulighed", many: "Salgsmuligheder" },
  },
  titleField: "name",
  defaultSort: "name",
  detailField: "stage",
  derives: {
    fields: ["closesOn"],
    prepare: async (db, asker) => closingDay(await listStages(db), asker),
  },
  fields: [
    field.text("name", { en: "Name", da: "Navn" }, { required: true, listed: true, sortable: true }),
    field.relation(
      "organisation",
      "organisation",
      { en: "Organisation", da: "Virksomhed" },
      { listed: true, places: true },
    ),
    field.choice("stage", { en: "Stage", da: "Trin" }, "stages", { required: true, listed: true }),
    field.number("money", "value", { en: "Value", da: "Værdi" }, { listed: true, sortable: true }),
    field.choice("currency", { en: "Currency", da: "Valuta" }, currencies),
    field.relation("product", "product", { en: "Product", da: "Produkt" }, { listed: true }),
    field.relation("person", "person", { en: "Contact", da: "Kontaktperson" }, { places: true }),
    field.of("date", "engagedOn", { en: "Engaged", da: "Indledt" }, { sortable: true }),
    field.of("date", "closesOn", { en: "Closes", da: "Lukkes" }, { listed: true, sortable: true }),
    field.text("reference", { en: "Reference", da: "Reference" }, { lengthMax: 100 }),
    field.kind("longText", "notes", { en: "Notes", da: "Noter" }),
  ],
};
