import { z } from "zod";
import { textWords } from "./text.words.ts";
import type { Words } from "./words.ts";

/**
 * The only texts an action's input is made of. What is longer than it may be is refused before any other check looks
 * at it: checks of a text run one after another, and without `abort` an expression would run over all of it.
 */
export const rawText = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax, { abort: true })
    .refine(isText, { ...saying(textWords.broken), abort: true });

/** A text as people mean it: without space around it. */
export const text = (lengthMax: number) =>
  z
    .string()
    .trim()
    .max(lengthMax, { abort: true })
    .refine(isText, { ...saying(textWords.broken), abort: true });

/** One line that is not empty. */
export const nameText = (lengthMax: number) =>
  text(lengthMax)
    .min(1, { abort: true })
    .refine((name) => !/\p{Cc}/u.test(name), saying(textWords.broken));

/** As RFC 5321 limits it; one dot at a time, so that no text can be read in two ways. */
export const emailText = (lengthMax = 254) => text(lengthMax).regex(/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/);

export const uuidText = () => z.string().max(36, { abort: true }).check(z.guid());

/** "YYYY-MM-DD". */
export const dayText = () => z.string().max(10, { abort: true }).check(z.iso.date());

/** ISO 8601 with its offset, to the microsecond at most. */
export const instantText = () =>
  z
    .string()
    .max(40, { abort: true })
    .check(z.iso.datetime({ offset: true }));

/** For a check of our own, what it says to people. */
export const saying = (words: Words) => ({ error: words.en, params: { words } });

const isText = (value: string) => value.isWellFormed() && !value.includes("\0");
