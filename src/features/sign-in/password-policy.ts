import { readFileSync } from "node:fs";
import { Refusal } from "#core/index.ts";

/**
 * 46,881 passwords that were breached and published, lower case, the most common first: from the word lists of
 * zxcvbn-ts (MIT; © 2012–2016 Dan Wheeler and Dropbox, © 2021 zxcvbn-ts).
 */
const common = new Set(
  readFileSync(new URL("./common-passwords.txt", import.meta.url), "utf8")
    .trimEnd()
    .split("\n"),
);
/** Length as the 2018 paper asks (8), counted without what anybody would guess. */
const ownPartMin = 8;
const wordMin = 4;

/** Refuses a password that is common, with letters put for others too, or that is little more than one's own names. */
export function mustBeHardToGuess(password: string, ownWords: readonly string[]): void {
  if (isCommon(password) || isOwn(password, ownWords)) throw new Refusal("weak_password", { field: "next" });
}

function isCommon(password: string): boolean {
  const plain = password.normalize("NFKC").toLowerCase();
  return [plain, unmasked(plain), bare(plain), unmasked(bare(plain)), bare(unmasked(plain))].some(
    (form) => common.has(form) || /^(.)\1*$/su.test(form),
  );
}

function isOwn(password: string, ownWords: readonly string[]): boolean {
  const words = ownWords
    .flatMap((text) =>
      text
        .normalize("NFKC")
        .toLowerCase()
        .split(/[^\p{L}\p{N}]/u),
    )
    .filter((word) => word.length >= wordMin)
    .toSorted((one, other) => other.length - one.length);
  const plain = password.normalize("NFKC").toLowerCase();
  return [plain, unmasked(plain)].some((form) => {
    const rest = words.reduce((left, word) => left.replaceAll(word, ""), form);
    return rest !== form && rest.length < ownPartMin;
  });
}

const masks: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "l",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};
const unmasked = (text: string): string => [...text].map((letter) => masks[letter] ?? letter).join("");

/** Without the digits and marks at its ends: "!dragon2026" is "dragon". */
function bare(text: string): string {
  const letters = [...text];
  const isLetter = (letter: string) => /\p{L}/u.test(letter);
  const first = letters.findIndex(isLetter);
  return first < 0 ? text : letters.slice(first, letters.findLastIndex(isLetter) + 1).join("");
}
