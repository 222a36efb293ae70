import type { Language } from "#ui/index.ts";

const months = [
  "jan",
  "feb",
  "mar",
  "apr",
  "maj|may|mai",
  "jun",
  "jul",
  "aug",
  "sep",
  "okt|oct",
  "nov",
  "dec",
];
const monthOf = (word: string): number =>
  months.findIndex((month) => month.split("|").includes(word.slice(0, 3).toLowerCase())) + 1;

type Order = "day first" | "month first";

/** Americans write the month first; Danes and the British the day. The language is the reader's, the rest his browser's. */
export const orderOf = (language: Language, browser: readonly string[]): Order =>
  language === "en" && /^en-(us|ph|ca)$/i.test(browser[0] ?? "") ? "month first" : "day first";

/**
 * A day as people write it: 2026-12-24, 24/12/2026, 24.12.2026, 24 Dec 2026, Dec 24, 2026, each with or without
 * a time. Gives "YYYY-MM-DD" or "YYYY-MM-DD HH:mm:ss", null when it is no date.
 */
export function parseDate(typed: string, order: Order = "day first"): string | null {
  const text = typed.trim().slice(0, lengthMax);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ,]+(\d{1,2})[:.](\d{2}))?$/.exec(text);
  if (iso) return written(iso[1], iso[2], iso[3], iso[4], iso[5]);
  const [, day, month, clock] = /^(\d{1,2})[./\- ]+(\d{1,2}|\p{L}+)\b(.*)$/u.exec(text) ?? [];
  const [, word, after, rest] = /^(\p{L}+)\.? +(\d{1,2})\b(.*)$/u.exec(text) ?? [];
  if (word) return withMonth(word, after, rest);
  if (month === undefined || /^\p{L}/u.test(month)) return withMonth(month ?? "", day, clock);
  const [year, hour, minute] = yearAndTime(clock ?? "") ?? [undefined];
  if (year === undefined) return null;
  const dayFirst = written(year, month, day, hour, minute);
  const monthFirst = written(year, day, month, hour, minute);
  // Only with strokes is it not known which comes first; what can be read in one way only is read so.
  if (!text.includes("/")) return dayFirst;
  return order === "day first" ? (dayFirst ?? monthFirst) : (monthFirst ?? dayFirst);
}

const lengthMax = 40;

function withMonth(word: string, day: string | undefined, rest = ""): string | null {
  const [year, hour, minute] = yearAndTime(rest) ?? [undefined];
  return year === undefined ? null : written(year, String(monthOf(word)), day, hour, minute);
}

/** What follows day and month: a year (this one when there is none) and a time of the day. */
function yearAndTime(rest: string): [year: string, hour?: string, minute?: string] | null {
  const found = /^\.?(?:[,./\- ]{1,3}(\d{4}))?(?:[, ]{1,3}(?:kl\.? ?)?(\d{1,2})[:.](\d{2}))?$/.exec(rest);
  if (!found) return null;
  const [, year = String(new Date().getFullYear()), hour, minute] = found;
  return hour === undefined || minute === undefined ? [year] : [year, hour, minute];
}

function written(year?: string, month?: string, day?: string, hour?: string, minute?: string): string | null {
  const date = `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
  const real = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== date) return null;
  if (hour === undefined) return date;
  return Number(hour) < 24 && Number(minute) < 60 ? `${date} ${hour.padStart(2, "0")}:${minute}:00` : null;
}
