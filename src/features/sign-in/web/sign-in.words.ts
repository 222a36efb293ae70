import { defineWords } from "#ui/index.ts";

export const signInWords = defineWords({
  title: { en: "Sign in", da: "Log ind" },
  name: { en: "User name", da: "Brugernavn" },
  password: { en: "Password", da: "Adgangskode" },
  signIn: { en: "Sign in", da: "Log ind" },
  firstPassword: {
    en: "The password you were given is for the first time only. Choose your own to go on.",
    da: "Den adgangskode, du har fået, gælder kun første gang. Vælg din egen for at fortsætte.",
  },
  newPassword: { en: "New password", da: "Ny adgangskode" },
  newPasswordHint: {
    en: "At least 8 characters; no common words and not your name.",
    da: "Mindst 8 tegn; ingen almindelige ord og ikke dit navn.",
  },
  choose: { en: "Choose and go on", da: "Vælg og fortsæt" },
  failedBefore: {
    en: "Somebody failed to sign in as you since you were last here:",
    da: "Nogen har forgæves forsøgt at logge ind som dig, siden du sidst var her:",
  },
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
