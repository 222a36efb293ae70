import { defineWords } from "../words/words.ts";

export const shellWords = defineWords({
  menu: { en: "Menu", da: "Menu" },
  home: { en: "Home", da: "Hjem" },
  deals: { en: "Deals", da: "Salg" },
  more: { en: "More", da: "Mere" },
  bin: { en: "Bin", da: "Papirkurv" },
  imports: { en: "Import", da: "Import" },
  administration: { en: "Administration", da: "Administration" },
  tools: { en: "Tools", da: "Værktøjer" },
  account: { en: "My account", da: "Min konto" },
  signOut: { en: "Sign out", da: "Log ud" },
  search: { en: "Search everything you may see", da: "Søg i alt, du må se" },
  everywhere: { en: "All territories", da: "Alle områder" },
  yourMenu: { en: "You and your settings", da: "Dig og dine indstillinger" },
  colours: { en: "Colours", da: "Farver" },
  light: { en: "Light", da: "Lyse" },
  dark: { en: "Dark", da: "Mørke" },
  auto: { en: "As the computer", da: "Som computeren" },
  shortcuts: { en: "Keyboard shortcuts", da: "Genvejstaster" },
  skip: { en: "Skip to the content", da: "Gå til indholdet" },
});
