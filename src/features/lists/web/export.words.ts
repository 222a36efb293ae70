import { defineWords } from "#ui/index.ts";

const whose = {
  en: { own: "your own", group: "those of your groups" },
  da: { own: "dine egne", group: "dine gruppers" },
} as const;
type Whose = keyof (typeof whose)["en"];

export const exportWords = defineWords({
  title: { en: (many: string) => `Export ${many}`, da: (many: string) => `Eksportér ${many}` },
  export: { en: "Export", da: "Eksportér" },
  counting: { en: "Counting…", da: "Tæller…" },
  about: { en: (count: string) => `about ${count}`, da: (count: string) => `ca. ${count}` },
  all: {
    en: (count: string, many: string) => `Exports ${count} ${many}: all that the list shows.`,
    da: (count: string, many: string) => `Eksporterer ${count} ${many}: alt, hvad listen viser.`,
  },
  some: {
    en: (count: string, of: string, who: Whose) =>
      `Exports ${count} of ${of}: your access level exports ${whose.en[who]} only.`,
    da: (count: string, of: string, who: Whose) =>
      `Eksporterer ${count} af ${of}: dit adgangsniveau eksporterer kun ${whose.da[who]}.`,
  },
  how: {
    en: (columns: string) => `A CSV file with the list's ${columns} columns, in its order.`,
    da: (columns: string) => `En CSV-fil med listens ${columns} kolonner, i dens rækkefølge.`,
  },
  soFar: { en: (rows: string) => `${rows} rows so far`, da: (rows: string) => `${rows} rækker indtil nu` },
  saved: {
    en: (rows: string, many: string, file: string) => `${rows} ${many} saved in ${file}.`,
    da: (rows: string, many: string, file: string) => `${rows} ${many} gemt i ${file}.`,
  },
  cut: {
    en: (rows: string) => `The export was cut off after ${rows} rows. No file was saved. Try again.`,
    da: (rows: string) =>
      `Eksporten blev afbrudt efter ${rows} rækker. Der blev ikke gemt nogen fil. Prøv igen.`,
  },
});
