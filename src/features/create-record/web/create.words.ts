import { defineWords } from "#ui/index.ts";

export const createWords = defineWords({
  draftFound: { en: "What you typed last time is still here.", da: "Det, du skrev sidst, er her stadig." },
  startAfresh: { en: "Start afresh", da: "Begynd forfra" },
  createdNow: { en: (name: string) => `${name} is created`, da: (name: string) => `${name} er oprettet` },
  newOf: { en: (one: string) => `New ${one}`, da: (one: string) => `Ny ${one}` },
});
