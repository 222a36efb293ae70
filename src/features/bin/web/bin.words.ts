import { defineWords } from "#ui/index.ts";

export const binWords = defineWords({
  title: { en: "Bin", da: "Papirkurv" },
  restore: { en: "Restore", da: "Gendan" },
  restoreNamed: { en: (name: string) => `Restore ${name}`, da: (name: string) => `Gendan ${name}` },
  erase: { en: "Erase", da: "Slet" },
  eraseNamed: {
    en: (name: string) => `Erase ${name} for good?`,
    da: (name: string) => `Slet ${name} for altid?`,
  },
  eraseForGood: { en: "Erase for good", da: "Slet for altid" },
  eraseHint: {
    en: "The record, its place in the search and every value in its history will be gone. This cannot be taken back, and a restore to an earlier moment erases it again.",
    da: "Posten, dens plads i søgningen og alle værdier i dens historik forsvinder. Det kan ikke fortrydes, og en gendannelse til et tidligere tidspunkt sletter den igen.",
  },
  eraseStays: {
    en: "The log keeps that you erased it, and when. Backups hold it until they expire.",
    da: "Loggen beholder, at du slettede den, og hvornår. Sikkerhedskopier rummer den, til de udløber.",
  },
  erased: { en: (name: string) => `${name} is erased`, da: (name: string) => `${name} er slettet` },
});
