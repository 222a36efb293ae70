import { Refusal, type Call } from "#core/index.ts";
import { readMoment } from "./moment.ts";
import { momentWords } from "./request.words.ts";
import type { RestoreDesk } from "./restore-desk.ts";

/** The moment somebody gave; refused by its field's name when it is none, or cannot be restored. */
export async function targetOf(
  desk: RestoreDesk,
  call: Call,
  { field, text }: { field: string; text: string },
  now: Date,
): Promise<Date> {
  const read = readMoment(text);
  const found =
    "at" in read
      ? await desk.wrongWith(call.tenant.id, read.at, now)
      : { wrong: read.wrong, from: now, to: now };
  if (found !== undefined) {
    const message = momentWords[found.wrong][call.language](found.from, found.to);
    throw new Refusal("invalid_input", { field, issues: [{ field, code: found.wrong, message }] });
  }
  if (!("at" in read)) throw new Refusal("invalid_input", { field });
  return read.at;
}
