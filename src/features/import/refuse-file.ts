import { Refusal, type Language } from "#core/index.ts";
import { say, type Reason } from "./import.words.ts";

/** A file that is not taken at all, with the reason and the row it was found in. */
export function refuseFile(
  language: Language,
  reason: Reason,
  values: Record<string, string | number> = {},
): Refusal {
  const field = values["row"] === undefined ? "file" : `file, row ${values["row"]}`;
  return new Refusal("invalid_input", {
    field: "file",
    issues: [{ field, code: reason, message: say(reason, language, values) }],
  });
}

export function refuseMapping(language: Language, field: string, reason: Reason): Refusal {
  return new Refusal("invalid_input", {
    field: "mapping",
    issues: [{ field: field.slice(0, 100), code: reason, message: say(reason, language) }],
  });
}
