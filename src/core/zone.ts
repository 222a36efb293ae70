import { Refusal } from "./refusal.ts";

/** Where nobody says what zone he is in. */
export const zoneOfNobody = "UTC";

/** The longest name in the IANA database has 30 characters. */
const nameMax = 64;
/** Zones this process was asked in, each by its one name however it was spelled; some thousands with all offsets. */
const known = new Set<string>();

/** The name of a time zone ("Europe/Copenhagen"). Throws a Refusal that names the header for one that is none. */
export function zoneNamed(spelled: string, header: string): string {
  if (known.has(spelled)) return spelled;
  try {
    if (spelled.length > nameMax) throw new RangeError("longer than any zone's name");
    const name = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(spelled).timeZoneId;
    known.add(name);
    return name;
  } catch {
    const issue = { field: header, code: "wrong_format", message: "is no time zone" };
    throw new Refusal("invalid_input", { field: header, issues: [issue] });
  }
}

/** The calendar day it is there at that time, "YYYY-MM-DD". */
export const dayIn = (zone: string, at: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The instants between which a day lies there, half-open, ISO 8601; 23 or 25 hours where clocks are changed. */
export function limitsOfDay(zone: string, day: string): { from: string; until: string } {
  const date = Temporal.PlainDate.from(day);
  const beginningOf = (one: Temporal.PlainDate) => one.toZonedDateTime(zone).toInstant().toString();
  return { from: beginningOf(date), until: beginningOf(date.add({ days: 1 })) };
}
