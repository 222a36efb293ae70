import { field, type Module } from "#records/index.ts";

export const organisation: Module = {
  name: "organisation",
  path: "organisations",
  words: {
    en: { one: "Organisation", many: "Organisations" },
    da: { one: "Virksomhed", many: "Virksomheder" },
  },
  titleField: "name",
  defaultSort: "name",
  detailField: "officeLocation",
  fields: [
    field.text("name", { en: "Name", da: "Navn" }, { required: true, listed: true, sortable: true }),
    field.text("sector", { en: "Sector", da: "Branche" }, { listed: true }),
    field.number(
      "integer",
      "yearEstablished",
      { en: "Established", da: "Grundlagt" },
      { min: 1000, max: 2200 },
    ),
    field.number(
      "decimal",
      "revenue",
      { en: "Revenue, million USD", da: "Omsætning, mio. USD" },
      { listed: true },
    ),
    field.number("integer", "employees", { en: "Employees", da: "Ansatte" }, { listed: true }),
    field.text("officeLocation", { en: "Office location", da: "Kontor" }, { listed: true }),
    field.relation(
      "parent",
      "organisation",
      { en: "Parent organisation", da: "Moderselskab" },
      { listed: true },
    ),
    field.kind("url", "website", { en: "Website", da: "Hjemmeside" }),
    field.kind("phone", "phone", { en: "Phone", da: "Telefon" }),
    field.kind("email", "email", { en: "E-mail", da: "E-mail" }),
    field.text("address", { en: "Address", da: "Adresse" }),
    field.text("postcode", { en: "Postcode", da: "Postnummer" }, { lengthMax: 20 }),
    field.text("city", { en: "City", da: "By" }),
    field.kind("longText", "notes", { en: "Notes", da: "Noter" }),
  ],
};
