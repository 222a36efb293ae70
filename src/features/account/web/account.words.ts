import { defineWords } from "#ui/index.ts";

export const accountWords = defineWords({
  title: { en: "My account", da: "Min konto" },
  you: { en: "You", da: "Dig" },
  access: { en: "Access level", da: "Adgangsniveau" },
  everywhere: { en: "All territories", da: "Alle områder" },
  noGroups: { en: "In no group", da: "I ingen gruppe" },
  language: { en: "Language", da: "Sprog" },
  sessions: { en: "Where you are signed in", da: "Hvor du er logget ind" },
  thisOne: { en: "this one", da: "denne" },
  lastSeen: { en: (ago: string) => `last seen ${ago}`, da: (ago: string) => `sidst set ${ago}` },
  since: { en: (at: string) => `since ${at}`, da: (at: string) => `siden ${at}` },
  end: { en: "Sign out", da: "Log ud" },
  endNamed: { en: (place: string) => `Sign out ${place}`, da: (place: string) => `Log ud fra ${place}` },
  everywhereOut: { en: "Sign out everywhere", da: "Log ud overalt" },
  everywhereHint: {
    en: "Ends every session at once, this one too.",
    da: "Afslutter alle sessioner med det samme, også denne.",
  },
  password: { en: "Password", da: "Adgangskode" },
  current: { en: "Current password", da: "Nuværende adgangskode" },
  next: { en: "New password", da: "Ny adgangskode" },
  change: { en: "Change the password", da: "Skift adgangskode" },
  changed: { en: "The password is changed", da: "Adgangskoden er skiftet" },
  ended: { en: "That session is ended", da: "Sessionen er afsluttet" },
  ip: { en: "IP address", da: "IP-adresse" },
  device: { en: "Browser", da: "Browser" },
});
