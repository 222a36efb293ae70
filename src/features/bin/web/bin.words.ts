import { defineWords } from "#ui/index.ts";

export const binWords = defineWords({
  title: { en: "Bin", da: "Papirkurv" },
  restore: { en: "Restore", da: "Gendan" },
  restoreNamed: { en: (name: string) => `Restore ${name}`, da: (name: string) => `Gendan ${name}` },
});
