import { defineWords } from "#ui/index.ts";

export const searchWords = defineWords({
  placeholder: { en: "Search records, pages and actions", da: "Søg efter poster, sider og handlinger" },
  records: { en: "Records", da: "Poster" },
  pages: { en: "Pages", da: "Sider" },
  actions: { en: "Actions", da: "Handlinger" },
  nothing: { en: "Nothing found that you may see.", da: "Intet fundet, som du må se." },
  searching: { en: "Searching…", da: "Søger…" },
  home: { en: "Home", da: "Hjem" },
  board: { en: "Board", da: "Tavle" },
  imports: { en: "Import", da: "Import" },
  bin: { en: "Bin", da: "Papirkurv" },
  moments: { en: "Moments beside the present", da: "Tidspunkter ved siden af nutiden" },
  account: { en: "My account", da: "Min konto" },
  administration: { en: "Administration", da: "Administration" },
  newOf: { en: (one: string) => `New ${one}`, da: (one: string) => `Ny ${one}` },
  light: { en: "Light colours", da: "Lyse farver" },
  dark: { en: "Dark colours", da: "Mørke farver" },
  shortcuts: { en: "Keyboard shortcuts", da: "Genvejstaster" },
  signOut: { en: "Sign out", da: "Log ud" },
});
