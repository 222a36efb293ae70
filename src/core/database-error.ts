import { Refusal, type RefusalDetails } from "./refusal.ts";

/** PostgreSQL's error codes and the refusal each means; detail texts are never passed on, they quote rows. */
const meanings: Readonly<Record<string, Refusal["code"]>> = {
  "23505": "duplicate",
  "23503": "not_found",
  "42501": "forbidden",
  "53100": "storage_full",
  "57014": "too_broad",
  "55P03": "unavailable",
  SR001: "last_administrator",
  SR002: "referred_to",
  SR003: "wrong_state",
  SR004: "beyond_own_rights",
  // Only a tenant's own role is ever shut out, and only while he is suspended.
  "28000": "tenant_suspended",
};

/** What is no bug whatever its own code: values, constraints, races, means, limits and interruptions, by class. */
const classMeanings: Readonly<Record<string, Refusal["code"]>> = {
  "08": "unavailable",
  "22": "invalid_input",
  "23": "invalid_input",
  "40": "conflict",
  "53": "unavailable",
  "54": "too_broad",
  "57": "unavailable",
};

const awayCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "3D000", // a moment that was closed just now
  "DATABASE_BUSY", // no connection of the pool became free in time
]);
const awayMessages =
  /timeout exceeded when trying to connect|^timeout expired$|Connection terminated|Client has encountered|not queryable/i;

/** The refusal an error stands for, or undefined when it is a bug. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? String(error.code) : "";
  const meaning = meanings[code] ?? (/^[\dA-Z]{5}$/.test(code) ? classMeanings[code.slice(0, 2)] : undefined);
  if (meaning === "duplicate") return new Refusal(meaning, duplicateField(error));
  if (meaning !== undefined) return new Refusal(meaning, named(error));
  if (awayCodes.has(code) || awayMessages.test(error.message)) return new Refusal("unavailable");
  return undefined;
}

/** What our own triggers say of it: the verb that is missing (42501), else the field that stands in the way. */
function named(error: Error & { table?: string; column?: string; code?: string }): RefusalDetails {
  const { table, column, code } = error;
  if (column === undefined || code?.startsWith("23") === true) return {};
  if (code === "42501") return table === undefined ? {} : { right: { module: table, verb: column } };
  return { field: column };
}

/** The field a unique index stands for, by its name ("users_name", "territory_name_key"). */
function duplicateField(error: Error): { field?: string } {
  const [, field] = /_([a-z]+?)(?:_key)?$/.exec("constraint" in error ? String(error.constraint) : "") ?? [];
  return field === undefined || field === "pkey" ? {} : { field };
}
