import { defineWords } from "#ui/index.ts";

export const shortcutWords = defineWords({
  title: { en: "Keyboard shortcuts", da: "Genvejstaster" },
  search: { en: "Search everything", da: "Søg i alt" },
  palette: { en: "Search, go anywhere, do anything", da: "Søg, gå hvorhen du vil, gør hvad du vil" },
  rows: { en: "Next and previous row", da: "Næste og forrige række" },
  open: { en: "Open the row", da: "Åbn rækken" },
  edit: { en: "Edit the record", da: "Redigér posten" },
  new: { en: "New record", da: "Ny post" },
  close: { en: "Close the record or dialog", da: "Luk posten eller dialogen" },
  goTo: { en: (page: string) => `Go to ${page}`, da: (page: string) => `Gå til ${page}` },
  home: { en: "home", da: "hjem" },
  board: { en: "the board", da: "tavlen" },
  drag: {
    en: "On the board: pick up and put down a card, arrows move it",
    da: "På tavlen: løft og læg et kort, piletaster flytter det",
  },
  help: { en: "This list", da: "Denne liste" },
});
