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

/**
 * A day as people write it: 2026-12-24, 24/12/2026, 24.12.2026, 24 Dec 2026, each with or without a time.
 * Gives "YYYY-MM-DD" or "YYYY-MM-DD HH:mm:ss", null when it is no date.
 */
export function parseDate(typed: string): string | null {
  const text = typed.trim();
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ,]+(\d{1,2})[:.](\d{2}))?/.exec(text);
  if (iso) return written(iso[1], iso[2], iso[3], iso[4], iso[5]);
  const dayFirst =
    /^(\d{1,2})[./\- ]+([\p{L}]+|\d{1,2})(?:[./\- ]*(\d{4}))?[./-]*(?:[ ,]+(?:kl\.? ?)?(\d{1,2})[:.](\d{2}))?$/u.exec(
      text,
    );
  if (!dayFirst) return null;
  const [, day, monthWord = "", year, hour, minute] = dayFirst;
  const month = /^\d/.test(monthWord) ? monthWord : String(monthOf(monthWord));
  return written(year ?? String(new Date().getFullYear()), month, day, hour, minute);
}

function written(year?: string, month?: string, day?: string, hour?: string, minute?: string): string | null {
  const date = `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
  const real = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== date) return null;
  if (hour === undefined) return date;
  return Number(hour) < 24 && Number(minute) < 60 ? `${date} ${hour.padStart(2, "0")}:${minute}:00` : null;
}
