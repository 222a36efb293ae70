/** How the values of a file are written. */
export type Writing = { readonly dateOrder: "mdy" | "dmy" | "ymd"; readonly decimal: "." | "," };

const pointed = /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;
const comma = /^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/;
const currencySign = /^(?:[$€£]|kr\.?|[A-Z]{3})|(?:[$€£]|kr\.?|[A-Z]{3}|,-)$/g;

/** No number or time is written in more characters; a longer text is not looked at. */
const writtenMax = 60;

/** A number as people write it, with or without a currency; undefined when it is none. */
export function numberOf(text: string, decimal: Writing["decimal"]): number | undefined {
  if (text.length > writtenMax) return undefined;
  const plain = /^[\d.,+-]+$/.test(text)
    ? text
    : text.replace(/[\s'\u00a0\u202f]/g, "").replace(currencySign, "");
  if (!(decimal === "," ? comma : pointed).test(plain)) return undefined;
  return Number(decimal === "," ? plain.replaceAll(".", "").replace(",", ".") : plain.replaceAll(",", ""));
}

const numbered = /^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})$/;
const places = { mdy: [2, 0, 1], dmy: [2, 1, 0], ymd: [0, 1, 2] } as const;
/** Two digits of a year are taken for the years around now. */
const century = (year: number) => (year < 70 ? 2000 + year : 1900 + year);

/** A day as "YYYY-MM-DD"; year first is understood in every order. Undefined when there is no such day. */
export function dayOf(text: string, order: Writing["dateOrder"]): string | undefined {
  const found = text.length > writtenMax ? null : numbered.exec(text);
  if (found === null) return undefined;
  const parts = [found[1] ?? "", found[2] ?? "", found[3] ?? ""] as const;
  const [yearAt, monthAt, dayAt] = places[parts[0].length > 2 ? "ymd" : order];
  if (parts[yearAt].length === 1 || parts[yearAt].length === 3 || parts[dayAt].length > 2) return undefined;
  const year = parts[yearAt].length === 2 ? century(Number(parts[yearAt])) : Number(parts[yearAt]);
  const [month, day] = [Number(parts[monthAt]), Number(parts[dayAt])];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

const daysIn = (year: number, month: number) =>
  new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const timed =
  /^([\d./-]+)(?:T|\s+|,\s*)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d{1,6})?)?(?:\s*(am|pm))?(?:\s*(Z|[+-]\d{2}:?\d{2}))?$/i;

/** A day with or without a time of day, in UTC unless the text names its zone, as ISO 8601. */
export function momentOf(text: string, order: Writing["dateOrder"]): string | undefined {
  const found = text.length > writtenMax ? null : timed.exec(text);
  const day = dayOf(found?.[1] ?? text, order);
  if (day === undefined || found === null) return day === undefined ? undefined : `${day}T00:00:00Z`;
  const [, , hours = "", minutes = "", seconds = "00", half, zone = "Z"] = found;
  const hour =
    half === undefined ? Number(hours) : (Number(hours) % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  const written = `${day}T${String(hour).padStart(2, "0")}:${minutes}:${seconds}${zone.toUpperCase().replace(/(\d{2})(\d{2})$/, "$1:$2")}`;
  return Number.isNaN(Date.parse(written)) ? undefined : written;
}

const yes = new Set(["yes", "ja", "true", "sand", "1", "x", "y", "j"]);
const no = new Set(["no", "nej", "false", "falsk", "0", "n"]);

export function yesOrNo(text: string): boolean | undefined {
  const plain = text.toLowerCase();
  return yes.has(plain) ? true : no.has(plain) ? false : undefined;
}
