import { invalid } from "./columns.ts";
import type { Field } from "./definition.ts";

const valuesMax = 500;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const calendarDay = /^\d{4}-\d{2}-\d{2}$/;

/** A day without a time, "YYYY-MM-DD". */
export const isDay = (value: unknown): boolean =>
  typeof value === "string" && value.length === 10 && calendarDay.test(value) && isReal(value);

/** The calendar has that day: no 30 February. */
const isReal = (day: string): boolean => {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
};

/** One value a filter compares with, in the type of its field; refused when it cannot be. */
export function filterValue(field: Field, value: unknown): string | number | boolean {
  if (fits(field, value)) return value as string | number | boolean;
  throw invalid("filter", "wrong_type", `${field.name}: value`);
}

export function filterValues(field: Field, value: unknown, count?: number): (string | number | boolean)[] {
  if (!Array.isArray(value) || value.length > valuesMax || (count !== undefined && value.length !== count)) {
    throw invalid("filter", "wrong_type", `${field.name}: list of ${count ?? `at most ${valuesMax}`} values`);
  }
  return value.map((each) => filterValue(field, each));
}

function fits(field: Field, value: unknown): boolean {
  switch (field.type) {
    case "integer":
    case "user":
    case "territory":
      return Number.isSafeInteger(value) && Math.abs(value as number) <= 2_147_483_647;
    case "decimal":
    case "money":
      return typeof value === "number" && Number.isFinite(value) && Math.abs(value) < 1e15;
    case "yesNo":
      return typeof value === "boolean";
    case "relation":
      return typeof value === "string" && uuid.test(value);
    case "date":
      return isDay(value);
    case "dateTime":
      return (
        typeof value === "string" &&
        value.length <= 40 &&
        /^\d{4}-/.test(value) &&
        !Number.isNaN(Date.parse(value))
      );
    default:
      return (
        typeof value === "string" && value.length <= 500 && value.isWellFormed() && !value.includes("\0")
      );
  }
}
