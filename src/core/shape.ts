import type { z } from "zod";
import type { Action } from "./action.ts";
import { Refusal, type Issue } from "./refusal.ts";
import { shapeWords } from "./shape.words.ts";
import type { Language, Words } from "./words.ts";

/** Issues told at most; a request with a thousand mistakes is not worth a thousand sentences. */
const issuesMax = 20;

/** The input in its shape, or a refusal that names each field and what is wrong with it. */
export function shaped<Input>(action: Pick<Action<Input>, "input">, raw: unknown, language: Language): Input {
  const parsed = action.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error, language);
  const [first] = issues;
  throw new Refusal("invalid_input", { issues, ...(first === undefined ? {} : { field: first.field }) });
}

/** A change that changes nothing is a mistake, and no row of the log. */
export function mustChange(fields: object, language: Language): void {
  if (Object.values(fields).some((value) => value !== undefined)) return;
  const message = shapeWords.nothing_to_change[language];
  throw new Refusal("invalid_input", { issues: [{ field: "", code: "required", message }] });
}

/** What is wrong, field by field, in words. */
export function issuesOf(error: z.core.$ZodError, language: Language): Issue[] {
  return error.issues.flatMap((issue) => told(issue, language)).slice(0, issuesMax);
}

function told(issue: z.core.$ZodIssue, language: Language): Issue[] {
  // A change sends its fields side by side; "changes" is only how the action holds them.
  const field = issue.path.filter((part, index) => index > 0 || part !== "changes").join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, issuesMax).map((key) => ({
      field: (field === "" ? key : `${field}.${key}`).slice(0, 100),
      code: "unknown_field",
      message: shapeWords.unknown_field[language],
    }));
  }
  const code = codeOf(issue);
  const limit = "maximum" in issue ? issue.maximum : "minimum" in issue ? issue.minimum : undefined;
  const sentence =
    code === "custom" ? own(issue, language) : shapeWords[code][language].replace("{limit}", String(limit));
  return [{ field: field.slice(0, 100), code, message: sentence }];
}

/** What a check of our own says (text.ts: `saying`). */
function own(issue: z.core.$ZodIssue, language: Language): string {
  const words = "params" in issue ? (issue.params?.["words"] as Words | undefined) : undefined;
  return words?.[language] ?? issue.message;
}

function codeOf(issue: z.core.$ZodIssue): keyof typeof shapeWords | "custom" {
  const text = "origin" in issue && issue.origin === "string";
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "required" : "wrong_type";
    case "too_big":
      return text ? "too_long" : "too_large";
    case "too_small":
      return text ? (issue.minimum === 1 ? "required" : "too_short") : "too_small";
    case "invalid_value":
      return "not_a_choice";
    case "invalid_format":
      return "wrong_format";
    case "custom":
      return "custom";
    default:
      return "wrong_type";
  }
}
