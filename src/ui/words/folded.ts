const spelled: Readonly<Record<string, string>> = {
  å: "aa", æ: "ae", œ: "oe", ß: "ss", þ: "th", ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", ı: "i",
}; // prettier-ignore

/** A text as the server folds what is looked for: case, accents and ways of spelling do not matter. */
export const folded = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[åæœßþøłđðħŧı]/g, (letter) => spelled[letter] ?? letter)
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "");

/** Whether each word that is typed stands in the name, in any spelling. */
export function isSpelledIn(name: string, typed: string): boolean {
  const all = folded(name);
  return folded(typed)
    .split(/\s+/)
    .every((word) => all.includes(word));
}
