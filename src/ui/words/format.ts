import { useMemo } from "react";
import { useLanguage, type Language } from "./words.ts";

const locales: Record<Language, string> = { en: "en-GB", da: "da-DK" };

/** Numbers, money and dates as the reader writes them. Days are "YYYY-MM-DD", instants ISO 8601. */
export function formatsIn(language: Language) {
  const locale = locales[language];
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 });
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
  const dayOfMonth = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    number: (value: number) => number.format(value),
    plain: (value: number) => String(value),
    short: (value: number) => short.format(value),
    fixed: (value: number, decimals: number) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }).format(value),
    money: (value: number, currency?: string | null) => {
      const whole = Number.isInteger(value);
      const amount = new Intl.NumberFormat(locale, {
        minimumFractionDigits: whole ? 0 : 2,
        maximumFractionDigits: 2,
      }).format(value);
      return currency ? `${amount} ${currency}` : amount;
    },
    day: (value: string) => readable(value, (date) => day.format(date)),
    month: (value: string) => readable(`${value}-01`, (date) => month.format(date)),
    instant: (value: string) => readable(value, (date) => instant.format(date)),
    /** To the second, where a second matters. */
    exact: (value: string) => readable(value, (date) => exact.format(date)),
    clock: (value: string) => readable(value, (date) => clock.format(date)),
    dayOfMonth: (value: string) => readable(value, (date) => dayOfMonth.format(date)),
    daysAway: (days: number) => relative.format(days, "day"),
    ago: (value: string, now: Date) => readable(value, (date) => ago(relative, date, now)),
    collator: new Intl.Collator(locale),
  };
}

export type Formats = ReturnType<typeof formatsIn>;

export function useFormats(): Formats {
  const language = useLanguage();
  return useMemo(() => formatsIn(language), [language]);
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
