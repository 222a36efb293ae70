import { defineWords } from "#ui/index.ts";

export const homeWords = defineWords({
  morning: { en: (name: string) => `Good morning, ${name}`, da: (name: string) => `Godmorgen, ${name}` },
  day: { en: (name: string) => `Good afternoon, ${name}`, da: (name: string) => `Goddag, ${name}` },
  evening: { en: (name: string) => `Good evening, ${name}`, da: (name: string) => `Godaften, ${name}` },
  myActivities: { en: "My open activities", da: "Mine åbne aktiviteter" },
  overdue: { en: (count: number) => `${count} overdue`, da: (count: number) => `${count} over tid` },
  nothingToDo: { en: "Nothing is waiting for you.", da: "Der er intet, der venter på dig." },
  newActivity: { en: "New activity", da: "Ny aktivitet" },
  pipeline: { en: "Pipeline by stage", da: "Salg efter trin" },
  won: { en: "Won by month", da: "Vundet pr. måned" },
  nothingWon: { en: "Nothing is won yet.", da: "Intet er vundet endnu." },
  noCurrency: { en: "Without a currency", da: "Uden valuta" },
  noDate: { en: "no date", da: "ingen dato" },
  today: { en: "today", da: "i dag" },
  late: { en: (days: string) => `late, ${days}`, da: (days: string) => `for sent, ${days}` },
  openBoard: { en: "Open the board", da: "Åbn tavlen" },
  allActivities: { en: "All of them", da: "Alle" },
  deals: {
    en: (count: number, shown: string) => (count === 1 ? "1 deal" : `${shown} deals`),
    da: (_count: number, shown: string) => `${shown} salg`,
  },
  markDone: {
    en: (name: string) => `Mark ${name} as done`,
    da: (name: string) => `Markér ${name} som færdig`,
  },
});
