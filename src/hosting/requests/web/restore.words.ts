import { defineWords } from "#ui/index.ts";

export const restoreWords = defineWords({
  nothingKept: {
    en: "No backups are set up here, so there is nothing to go back to. Ask your host.",
    da: "Der er ikke sat sikkerhedskopiering op her, så der er intet at gå tilbage til. Spørg din udbyder.",
  },
  window: { en: "What happened when", da: "Hvad der skete hvornår" },
  hint: {
    en: "Choose a moment to go back to: press in the picture, or use the arrow keys. Times are in your own time zone.",
    da: "Vælg et tidspunkt at gå tilbage til: tryk i billedet, eller brug piletasterne. Tiderne er i din egen tidszone.",
  },
  all: { en: "All", da: "Alt" },
  added: { en: "added", da: "tilføjet" },
  changed: { en: "changed", da: "ændret" },
  deleted: { en: "deleted", da: "slettet" },
  current: { en: "Asked for now", da: "Bedt om nu" },
  day: { en: "Day", da: "Dag" },
  hour: { en: "Hour", da: "Time" },
  zoom: { en: "How much is shown", da: "Hvor meget der vises" },
  earlier: { en: "Earlier", da: "Tidligere" },
  later: { en: "Later", da: "Senere" },
  picture: { en: "Moment to go back to", da: "Tidspunkt at gå tilbage til" },
  noneChosen: { en: "No moment is chosen", da: "Intet tidspunkt er valgt" },
  restorable: { en: "can be restored", da: "kan gendannes" },
  gap: { en: "cannot be restored", da: "kan ikke gendannes" },
  noBase: {
    en: "There is no base backup yet, so nothing can be restored. It is made within a day.",
    da: "Der er endnu ingen fuld sikkerhedskopi, så intet kan gendannes. Den laves inden for et døgn.",
  },
  nothing: { en: "Nothing stands out in this part.", da: "Intet skiller sig ud i denne del." },
  standsOut: { en: "What stands out", da: "Det, der skiller sig ud" },
  before: { en: "Just before", da: "Lige før" },
  beforeNamed: {
    en: (what: string) => `Choose the second before: ${what}`,
    da: (what: string) => `Vælg sekundet før: ${what}`,
  },
  imported: {
    en: (file: string, records: string) => `${file} was imported, ${records} records`,
    da: (file: string, records: string) => `${file} blev importeret, ${records} poster`,
  },
  importUndone: {
    en: (file: string) => `The import of ${file} was undone`,
    da: (file: string) => `Importen af ${file} blev fortrudt`,
  },
  wasRestored: {
    en: (target: string) => `Everything was restored to ${target}`,
    da: (target: string) => `Alt blev gendannet til ${target}`,
  },
  wentBack: { en: "A restore was taken back", da: "En gendannelse blev fortrudt" },
  manyDeleted: {
    en: (count: string, minutes: number) =>
      `${count} deletions within ${minutes === 1 ? "a minute" : `${minutes} minutes`}`,
    da: (count: string, minutes: number) =>
      `${count} sletninger inden for ${minutes === 1 ? "et minut" : `${minutes} minutter`}`,
  },
  manyChanged: {
    en: (count: string, minutes: number) =>
      `${count} changes within ${minutes === 1 ? "a minute" : `${minutes} minutes`}`,
    da: (count: string, minutes: number) =>
      `${count} ændringer inden for ${minutes === 1 ? "et minut" : `${minutes} minutter`}`,
  },
  goBack: { en: "Go back to", da: "Gå tilbage til" },
  moment: { en: "Day and time, to the second", da: "Dag og tid, på sekundet" },
  skipped: {
    en: "This time was not there: the clocks went forward over it. Choose an earlier or a later one.",
    da: "Tidspunktet fandtes ikke: uret blev stillet frem over det. Vælg et tidligere eller senere.",
  },
  twice: {
    en: "This time was there twice, because the clocks went back. Which one?",
    da: "Tidspunktet var der to gange, fordi uret blev stillet tilbage. Hvilket?",
  },
  lost: { en: "Since then:", da: "Siden da:" },
  nothingLost: { en: "Nothing was changed since then.", da: "Intet er ændret siden da." },
  lostHint: {
    en: "It will not be there after the restore. What was erased since is erased again, and everybody signs in again.",
    da: "Det er der ikke efter gendannelsen. Det, der er slettet for altid siden, slettes igen, og alle logger ind igen.",
  },
  keptHint: {
    en: (days: number) => `What is there now is kept for ${days} days, and you can go back to it.`,
    da: (days: number) => `Det, der er der nu, gemmes i ${days} dage, og du kan gå tilbage til det.`,
  },
  reason: { en: "Why", da: "Hvorfor" },
  reasonHint: { en: "Your host reads it before deciding.", da: "Din udbyder læser det, før der besluttes." },
  what: { en: "What it is for", da: "Hvad det er til" },
  beside: { en: "Look at it and take single records back", da: "Se på det og hent enkelte poster tilbage" },
  instead: { en: "Put everything back to it", da: "Sæt alt tilbage til det" },
  besideHint: {
    en: "It opens beside the present, and nobody has to stop working. Everybody sees of it what he may see today.",
    da: "Det åbner ved siden af nutiden, og ingen skal holde op med at arbejde. Enhver ser det, vedkommende må se i dag.",
  },
  askBeside: { en: "Ask to open this moment", da: "Bed om at åbne dette tidspunkt" },
  openBeside: { en: "Open this moment", da: "Åbn dette tidspunkt" },
  toBeside: { en: (at: string) => `To look at ${at}`, da: (at: string) => `For at se på ${at}` },
  keptOpen: { en: "Stays open until", da: "Er åben til" },
  ask: { en: "Ask for this restore", da: "Bed om denne gendannelse" },
  restoreNow: { en: "Restore everything to this moment", da: "Gendan alt til dette tidspunkt" },
  openNow: {
    en: "A restore is asked for already, so no other can be.",
    da: "Der er allerede bedt om en gendannelse, så der kan ikke bedes om en til.",
  },
  requests: { en: "Asked for and done", da: "Bedt om og udført" },
  noRequests: { en: "Nobody has asked for a restore yet.", da: "Ingen har bedt om en gendannelse endnu." },
  toMoment: { en: (at: string) => `To ${at}`, da: (at: string) => `Til ${at}` },
  toCopy: {
    en: (at: string, key: string) => `A copy of ${at} as ${key}`,
    da: (at: string, key: string) => `En kopi af ${at} som ${key}`,
  },
  toBack: { en: "Back to before the restore", da: "Tilbage til før gendannelsen" },
  askedBy: {
    en: (who: string, at: string) => `${who}, ${at}`,
    da: (who: string, at: string) => `${who}, ${at}`,
  },
  byHost: { en: "your host", da: "din udbyder" },
  cancelRequest: { en: "Take back the request", da: "Træk anmodningen tilbage" },
  cancelled: { en: "The request is taken back", da: "Anmodningen er trukket tilbage" },
  asked: {
    en: "Your host is asked. It begins when the host approves.",
    da: "Din udbyder er spurgt. Den begynder, når der siges ja.",
  },
  lastCommit: { en: "Last change that is in", da: "Sidste ændring, der er med" },
  noCommit: { en: "none", da: "ingen" },
  compared: { en: "Compared, all equal", da: "Sammenlignet, alt er ens" },
  rowsOf: {
    en: (rows: string, tables: string) => `${rows} rows of ${tables} tables`,
    da: (rows: string, tables: string) => `${rows} rækker i ${tables} tabeller`,
  },
  erasedAgain: { en: "Erased again", da: "Slettet igen" },
  keptUntil: { en: "What was there before is kept until", da: "Det, der var der før, gemmes til" },
  back: { en: "Go back to it", da: "Gå tilbage til det" },
  backAsk: { en: "Ask to go back", da: "Bed om at gå tilbage" },
  closed: { en: "Still closed", da: "Stadig lukket" },
  blocked: { en: "Still blocked", da: "Stadig spærret" },
  lowered: { en: "Kept the lower level", da: "Beholdt det lavere niveau" },
  left: {
    en: "Left as then, so that somebody holds all rights",
    da: "Som dengang, så nogen har alle rettigheder",
  },
  gone: { en: "Users added since, not there now", da: "Brugere tilføjet siden, findes ikke nu" },
  failed: {
    en: "It did not succeed, and nothing was switched. Your host sees why.",
    da: "Det lykkedes ikke, og intet blev skiftet. Din udbyder kan se hvorfor.",
  },
});

export const stateWords = defineWords({
  asked: { en: "Waits for your host", da: "Venter på din udbyder" },
  approved: { en: "Approved, begins in a moment", da: "Godkendt, begynder om lidt" },
  running: { en: "Under way", da: "I gang" },
  done: { en: "Done", da: "Udført" },
  failed: { en: "Failed", da: "Mislykket" },
  refused: { en: "Refused", da: "Afvist" },
  cancelled: { en: "Taken back", da: "Trukket tilbage" },
});

export const stepWords = defineWords({
  waiting: { en: "Begin", da: "Begynd" },
  unpack: { en: "Unpack the backup", da: "Pak kopien ud" },
  replay: { en: "Replay up to the moment", da: "Afspil til tidspunktet" },
  copy: { en: "Copy", da: "Kopiér" },
  indexes: { en: "Make the indexes", da: "Lav indekserne" },
  compare: { en: "Compare every row", da: "Sammenlign hver række" },
  switch: { en: "Switch", da: "Skift" },
  step: { en: "Apply the rights of today", da: "Anvend dagens rettigheder" },
});

export const kindWords = defineWords({
  created: { en: (n: string) => `${n} added`, da: (n: string) => `${n} tilføjet` },
  imported: { en: (n: string) => `${n} imported`, da: (n: string) => `${n} importeret` },
  changed: {
    en: (n: string) => (n === "1" ? "1 change" : `${n} changes`),
    da: (n: string) => (n === "1" ? "1 ændring" : `${n} ændringer`),
  },
  deleted: {
    en: (n: string) => (n === "1" ? "1 deletion" : `${n} deletions`),
    da: (n: string) => (n === "1" ? "1 sletning" : `${n} sletninger`),
  },
  restored: {
    en: (n: string) => `${n} taken out of the bin`,
    da: (n: string) => `${n} hentet fra papirkurven`,
  },
  erased: { en: (n: string) => `${n} erased for good`, da: (n: string) => `${n} slettet for altid` },
  imports: {
    en: (n: string) => (n === "1" ? "1 import" : `${n} imports`),
    da: (n: string) => (n === "1" ? "1 import" : `${n} importer`),
  },
});
