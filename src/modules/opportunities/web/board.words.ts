import { defineWords } from "#ui/index.ts";

export const boardWords = defineWords({
  board: { en: "Opportunities by stage", da: "Salgsmuligheder efter trin" },
  showAll: {
    en: (count: string) => `All ${count} in a list`,
    da: (count: string) => `Alle ${count} i en liste`,
  },
  empty: { en: "Nothing here.", da: "Intet her." },
  moved: {
    en: (name: string, stage: string) => `${name} moved to ${stage}`,
    da: (name: string, stage: string) => `${name} flyttet til ${stage}`,
  },
  closing: {
    en: (name: string, stage: string) => `${name}: ${stage}`,
    da: (name: string, stage: string) => `${name}: ${stage}`,
  },
  closeHint: { en: "Both may be left as they are.", da: "Begge kan blive, som de er." },
  move: { en: "Move", da: "Flyt" },
  noDate: { en: "no date", da: "ingen dato" },
  today: { en: "today", da: "i dag" },
  late: { en: (days: number) => `late ${days} days`, da: (days: number) => `${days} dage for sent` },
  lateOne: { en: "late 1 day", da: "1 dag for sent" },
  noValue: { en: "no value", da: "ingen værdi" },
  drag: {
    en: "Press Space to pick the card up, arrow keys to move it, Space to put it down.",
    da: "Tryk mellemrum for at løfte kortet, piletaster for at flytte det, mellemrum for at lægge det.",
  },
});
