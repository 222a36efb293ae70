import { field, type Module } from "#records/index.ts";
import { currencies } from "../currencies.ts";

export const product: Module = {
  name: "product",
  path: "products",
  words: { en: { one: "Product", many: "Products" }, da: { one: "Produkt", many: "Produkter" } },
  titleField: "name",
  defaultSort: "name",
  detailField: "series",
  fields: [
    field.text("name", { en: "Name", da: "Navn" }, { required: true, listed: true, sortable: true }),
    field.text("series", { en: "Series", da: "Serie" }, { listed: true }),
    field.number("money", "price", { en: "Price", da: "Pris" }, { listed: true }),
    field.choice("currency", { en: "Currency", da: "Valuta" }, currencies),
    field.kind("longText", "notes", { en: "Notes", da: "Noter" }),
  ],
};
