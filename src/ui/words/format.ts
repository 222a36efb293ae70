import { useLanguage, type Language } from "./words.ts";

const locales: Record<Language, string> = { en: "en-GB", da: "da-DK" };

const made = new Map<Language, Formats>();

/**
 * Numbers, money and dates as the reader writes them. Days are "YYYY-MM-DD", instants ISO 8601. Made once per
 * language: a formatter costs a thousand times what it takes to format, and a table asks in every cell.
 */
export function formatsIn(language: Language): Formats {
  const known = made.get(language) ?? makeFormats(locales[language]);
  made.set(language, known);
  return known;
}

export const useFormats = (): Formats => formatsIn(useLanguage());

export type Formats = ReturnType<typeof makeFormats>;

function makeFormats(locale: string) {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 });
  const withDecimals = Array.from(
    { length: 5 },
    (_, decimals) =>
      new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
  const short = new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 3 });
  const day = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
  const month = new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" });
  const instant = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const localDay = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
  const dayOfMonth = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    number: (value: number) => number.format(value),
    plain: (value: number) => String(value),
    short: (value: number) => short.format(value),
    fixed: (value: number, decimals: 0 | 1 | 2 | 3 | 4) =>
      withDecimals[decimals]?.format(value) ?? String(value),
    money: (value: number, currency?: string | null) => {
      const amount = withDecimals[Number.isInteger(value) ? 0 : 2]?.format(value) ?? String(value);
      return currency ? `${amount} ${currency}` : amount;
    },
    day: (value: string) => readable(value, (date) => day.format(date)),
    month: (value: string) => readable(`${value}-01`, (date) => month.format(date)),
    instant: (value: string) => readable(value, (date) => instant.format(date)),
    /** A time as a person would type it. */
    typedInstant: (value: string) =>
      readable(value, (date) => `${localDay.format(date)} ${clock.format(date)}`),
    /** To the second, where a second matters. */
    exact: (value: string) => readable(value, (date) => exact.format(date)),
    clock: (value: string) => readable(value, (date) => clock.format(date)),
    dayOfMonth: (value: string) => readable(value, (date) => dayOfMonth.format(date)),
    daysAway: (days: number) => relative.format(days, "day"),
    ago: (value: string, now: Date) => readable(value, (date) => ago(relative, date, now)),
    collator: new Intl.Collator(locale),
  };
}

function readable(value: string, format: (date: Date) => string): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : format(date);
}

function ago(relative: Intl.RelativeTimeFormat, date: Date, now: Date): string {
  const minutes = Math.round((date.getTime() - now.getTime()) / 60_000);
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 60 * 36) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}
