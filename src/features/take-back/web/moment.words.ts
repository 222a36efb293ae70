import { defineWords } from "#ui/index.ts";

export const momentWords = defineWords({
  title: { en: "Moments beside the present", da: "Tidspunkter ved siden af nutiden" },
  open: { en: "Open moments", da: "Åbne tidspunkter" },
  noneOpen: {
    en: "No moment is open. An administrator asks for one under Administration, Restore.",
    da: "Intet tidspunkt er åbent. En administrator beder om et under Administration, Gendan.",
  },
  closedMeanwhile: {
    en: "This moment is not open any more, or never was.",
    da: "Tidspunktet er ikke åbent længere, eller har aldrig været det.",
  },
  asOf: { en: (at: string) => `As it was at ${at}`, da: (at: string) => `Som det var ${at}` },
  banner: {
    en: (at: string) => `You look at ${at}, with the rights you have today; nothing can be changed in it.`,
    da: (at: string) => `Du ser på ${at}, med de rettigheder du har i dag; intet kan ændres i det.`,
  },
  lastCommit: {
    en: (at: string) => `The last change that is in is of ${at}.`,
    da: (at: string) => `Den sidste ændring, der er med, er fra ${at}.`,
  },
  staysUntil: {
    en: (at: string) => `It stays open until ${at}.`,
    da: (at: string) => `Det er åbent til ${at}.`,
  },
  toPresent: { en: "Back to the present", da: "Tilbage til nutiden" },
  differs: { en: (count: string) => `${count} differ`, da: (count: string) => `${count} er anderledes` },
  others: { en: "All open moments", da: "Alle åbne tidspunkter" },
  openUntil: { en: (until: string) => `open until ${until}`, da: (until: string) => `åben til ${until}` },
  close: { en: "Close", da: "Luk" },
  closeNamed: {
    en: (at: string) => `Close the moment ${at} for everybody`,
    da: (at: string) => `Luk tidspunktet ${at} for alle`,
  },
  differences: { en: "What differs", da: "Det, der er anderledes" },
  whichOnes: { en: "Which records", da: "Hvilke poster" },
  allThen: { en: "Everything then", da: "Alt dengang" },
  nothingThen: { en: "There was nothing here then.", da: "Her var intet dengang." },
  chooseShown: { en: (count: string) => `All ${count} shown`, da: (count: string) => `Alle ${count} viste` },
  choose: { en: (name: string) => `Choose ${name}`, da: (name: string) => `Vælg ${name}` },
  nameless: { en: "without a name", da: "uden navn" },
  lastBy: {
    en: (at: string, who: string) => `${at} · ${who}`,
    da: (at: string, who: string) => `${at} · ${who}`,
  },
  system: { en: "the system", da: "systemet" },
  more: { en: "Show more", da: "Vis flere" },
  field: { en: "Field", da: "Felt" },
  before: { en: "Then", da: "Dengang" },
  now: { en: "Now", da: "Nu" },
  fieldByField: { en: "Field by field", da: "Felt for felt" },
  takeBack: { en: "Take back", da: "Hent tilbage" },
  takeBackSome: {
    en: (count: string) => `Take back ${count}…`,
    da: (count: string) => `Hent ${count} tilbage…`,
  },
  takeBackAll: { en: "Take back everything deleted…", da: "Hent alt slettet tilbage…" },
  takeBackAllOf: {
    en: (count: string) => `Take back all ${count} deleted…`,
    da: (count: string) => `Hent alle ${count} slettede tilbage…`,
  },
  takeBackTitle: {
    en: (count: string, many: string) => `Take back ${count} ${many}?`,
    da: (count: string, many: string) => `Hent ${count} ${many} tilbage?`,
  },
  willBeChanged: {
    en: (at: string, fields: string) =>
      fields === "1"
        ? `1 field gets the value it had at ${at}.`
        : `${fields} fields get the values they had at ${at}.`,
    da: (at: string, fields: string) =>
      fields === "1"
        ? `1 felt får den værdi, det havde ${at}.`
        : `${fields} felter får de værdier, de havde ${at}.`,
  },
  willComeBack: {
    en: (at: string) => `They come back as they were at ${at}.`,
    da: (at: string) => `De kommer tilbage, som de var ${at}.`,
  },
  sameRights: {
    en: "What you may not change by hand stays as it is, and so does what was changed meanwhile; you are told which. All of it can be undone.",
    da: "Det, du ikke må ændre i hånden, bliver som det er, og det, der er ændret imens, også; du får at vide hvilket. Det hele kan fortrydes.",
  },
  tooMany: {
    en: (most: string) => `At most ${most} at a time.`,
    da: (most: string) => `Højst ${most} ad gangen.`,
  },
  takenBack: { en: "Taken back by you", da: "Hentet tilbage af dig" },
  atWork: {
    en: (done: string, wanted: string) => `At work: ${done} of ${wanted}`,
    da: (done: string, wanted: string) => `I gang: ${done} af ${wanted}`,
  },
  tookBack: {
    en: (count: string) => (count === "1" ? "1 record is back" : `${count} records are back`),
    da: (count: string) => (count === "1" ? "1 post er tilbage" : `${count} poster er tilbage`),
  },
  undone: {
    en: (count: string) => (count === "1" ? "Undone, 1 record" : `Undone, ${count} records`),
    da: (count: string) => (count === "1" ? "Fortrudt, 1 post" : `Fortrudt, ${count} poster`),
  },
  failed: { en: "Nothing was taken back", da: "Intet blev hentet tilbage" },
  notTaken: { en: (count: string) => `${count} not taken`, da: (count: string) => `${count} ikke hentet` },
  notPutBack: {
    en: (count: string) => `${count} not put back`,
    da: (count: string) => `${count} ikke lagt tilbage`,
  },
  undo: { en: "Undo", da: "Fortryd" },
});

export const kindWords = defineWords({
  deleted: { en: "Deleted", da: "Slettet" },
  changed: { en: "Changed", da: "Ændret" },
  new: { en: "New", da: "Nye" },
});

export const emptyWords = defineWords({
  deleted: { en: "Nothing was deleted since then.", da: "Intet er slettet siden." },
  changed: { en: "Nothing was changed since then.", da: "Intet er ændret siden." },
  new: { en: "Nothing was added since then.", da: "Intet er tilføjet siden." },
});

/** Why a record was not taken back, or not put back. */
export const reasonWords = defineWords({
  not_then: { en: "was not there then", da: "fandtes ikke dengang" },
  out_of_sight: { en: "is out of your sight today", da: "er uden for dit syn i dag" },
  changed_since: { en: "was changed meanwhile", da: "blev ændret imens" },
  nothing_to_do: { en: "is already as it was", da: "er allerede som dengang" },
  no_create: { en: "you may not create it", da: "du må ikke oprette den" },
  no_edit: { en: "you may not edit it", da: "du må ikke redigere den" },
  no_delete: { en: "you may not delete it", da: "du må ikke slette den" },
  no_bin: { en: "you may not open the bin", da: "du må ikke åbne papirkurven" },
  no_reassign: { en: "you may not reassign it", da: "du må ikke tildele den på ny" },
  out_of_reach: { en: "would lie outside your reach", da: "ville ligge uden for din rækkevidde" },
  reference_gone: { en: "what it refers to is gone", da: "det, den henviser til, er væk" },
  user_gone: { en: "its person is not a user today", da: "dens person er ikke bruger i dag" },
  territory_gone: { en: "its territory is gone", da: "dens område er væk" },
  stage_gone: { en: "its stage is gone", da: "dens fase er væk" },
  own_ancestor: { en: "would lie below itself", da: "ville ligge under sig selv" },
  refused: { en: "its values are refused today", da: "dens værdier afvises i dag" },
});

export const isReason = (code: string): code is keyof typeof reasonWords => code in reasonWords;
