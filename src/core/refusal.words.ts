import type { RefusalCode } from "./refusal.ts";
import type { Words } from "./words.ts";

export const refusalWords: Record<RefusalCode, Words> = {
  invalid_input: {
    en: "Something in the request is not right.",
    da: "Noget i forespørgslen er ikke rigtigt.",
  },
  cursor_expired: {
    en: "This page marker no longer fits the list. Start from the first page.",
    da: "Sidemærket passer ikke længere til listen. Begynd fra første side.",
  },
  too_broad: {
    en: "This question takes too long to answer. Narrow the filter.",
    da: "Spørgsmålet tager for lang tid at besvare. Gør filteret snævrere.",
  },
  sign_in_failed: {
    en: "The name or password is not right, or too many attempts failed. Wait some minutes, or ask an administrator.",
    da: "Navn eller adgangskode er forkert, eller for mange forsøg er mislykkedes. Vent nogle minutter, eller spørg en administrator.",
  },
  signed_out: {
    en: "You are signed out. Sign in to go on.",
    da: "Du er logget ud. Log ind for at fortsætte.",
  },
  same_password: {
    en: "That is the password you have. Choose another one.",
    da: "Det er den adgangskode, du har. Vælg en anden.",
  },
  weak_password: {
    en: "This password is easily guessed: it is a common one, or made of your own or your company's name. Choose another one.",
    da: "Adgangskoden er let at gætte: den er almindelig eller dannet af dit eget eller virksomhedens navn. Vælg en anden.",
  },
  wrong_password: { en: "The current password is not right.", da: "Den nuværende adgangskode er forkert." },
  forbidden: {
    en: "Your access level does not allow this. An administrator can change that.",
    da: "Dit adgangsniveau tillader det ikke. En administrator kan ændre det.",
  },
  cross_site: {
    en: "The request came from another site and was refused.",
    da: "Forespørgslen kom fra et andet websted og blev afvist.",
  },
  beyond_own_rights: {
    en: "Nobody can give or keep more than he may see himself.",
    da: "Ingen kan give eller beholde mere, end vedkommende selv må se.",
  },
  last_administrator: {
    en: "At least one active user must hold all rights (level 99).",
    da: "Mindst én aktiv bruger skal have alle rettigheder (niveau 99).",
  },
  not_found: {
    en: "This does not exist, or you may not see it.",
    da: "Det findes ikke, eller du må ikke se det.",
  },
  no_such_tenant: { en: "There is nothing at this address.", da: "Der er ikke noget på denne adresse." },
  tenant_suspended: {
    en: "This address is suspended. Ask your host.",
    da: "Denne adresse er lukket midlertidigt. Spørg din udbyder.",
  },
  method_not_allowed: {
    en: "This address does not answer that method.",
    da: "Adressen svarer ikke på den metode.",
  },
  conflict: {
    en: "Somebody else changed this meanwhile. Look at the new version and try again.",
    da: "En anden har ændret det imens. Se den nye version, og prøv igen.",
  },
  duplicate: { en: "This is already taken.", da: "Det er allerede i brug." },
  done_before: {
    en: "This was done already. What it answered then is not kept and cannot be shown again.",
    da: "Det er allerede gjort. Svaret fra dengang er ikke gemt og kan ikke vises igen.",
  },
  wrong_state: {
    en: "This cannot be done in its present state.",
    da: "Det kan ikke gøres i den nuværende tilstand.",
  },
  referred_to: {
    en: "Other records cannot be without this one. Erase them first.",
    da: "Andre poster kan ikke undvære denne. Slet dem først.",
  },
  no_backups: {
    en: "No backups are set up here, so there is nothing to restore from. Ask your host.",
    da: "Der er ikke sat sikkerhedskopiering op her, så der er intet at gendanne fra. Spørg din udbyder.",
  },
  restore_open: {
    en: "A restore is already asked for or running. Wait for it, or cancel it.",
    da: "Der er allerede bedt om en gendannelse, eller den er i gang. Vent på den, eller annullér den.",
  },
  moment_read_only: {
    en: "A moment is only to be looked at. Go back to the present to change something.",
    da: "Et tidspunkt kan kun ses. Gå tilbage til nutiden for at ændre noget.",
  },
  no_such_moment: {
    en: "This moment is not open any more, or never was.",
    da: "Tidspunktet er ikke længere åbent, eller har aldrig været det.",
  },
  too_many_moments: {
    en: "As many moments as may be are open already. Close one, then ask again.",
    da: "Der er allerede åbnet så mange tidspunkter, som må være åbne. Luk et, og spørg igen.",
  },
  version_missing: {
    en: "Say which version you change (If-Match).",
    da: "Angiv, hvilken version du ændrer (If-Match).",
  },
  too_large: { en: "This is larger than allowed.", da: "Det er større end tilladt." },
  unsupported_type: {
    en: "This kind of content is not taken here. Send JSON.",
    da: "Denne type indhold modtages ikke her. Send JSON.",
  },
  too_many: {
    en: "Too many at once. Wait a little and try again.",
    da: "For mange på én gang. Vent lidt, og prøv igen.",
  },
  storage_full: {
    en: "The storage is full: nothing was changed. Reading still works; tell your host.",
    da: "Lageret er fuldt: intet blev ændret. Læsning virker stadig; sig det til din udbyder.",
  },
  unavailable: {
    en: "The database does not answer right now. Nothing was lost; try again in a moment.",
    da: "Databasen svarer ikke lige nu. Intet er gået tabt; prøv igen om lidt.",
  },
};

export const tooManyFor = (seconds: number): Words => ({
  en: `Too many at once. Try again in ${seconds} ${seconds === 1 ? "second" : "seconds"}.`,
  da: `For mange på én gang. Prøv igen om ${seconds} ${seconds === 1 ? "sekund" : "sekunder"}.`,
});
