import { defineWords } from "#ui/index.ts";

export const signInWords = defineWords({
  title: { en: "Sign in", da: "Log ind" },
  name: { en: "User name", da: "Brugernavn" },
  password: { en: "Password", da: "Adgangskode" },
  signIn: { en: "Sign in", da: "Log ind" },
  again: { en: "Your session has ended", da: "Din session er udløbet" },
  againHint: {
    en: "Sign in again to go on where you were. What you typed is still here.",
    da: "Log ind igen for at fortsætte, hvor du var. Det, du har skrevet, er her stadig.",
  },
  otherLanguage: { en: "Dansk", da: "English" },
  promise: {
    en: "Your company's records, in a database of its own.",
    da: "Virksomhedens data i sin egen database.",
  },
  unreachable: { en: "The server cannot be reached.", da: "Serveren kan ikke nås." },
});
