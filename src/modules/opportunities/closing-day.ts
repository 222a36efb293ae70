import { Refusal, type Language, type Words } from "#core/index.ts";
import type { Derive } from "#records/index.ts";
import type { Stage } from "./stage.store.ts";

const needsDay: Words = {
  en: "a deal that is won or lost has the day it closed on",
  da: "en salgsmulighed, der er vundet eller tabt, har den dag, den blev lukket",
};

/** A deal that closes does so today unless another day is said; one that is opened again has none until it is said. */
export const closingDay =
  (stages: readonly Stage[], { today, language }: { today: string; language: Language }): Derive =>
  (said, before) => {
    const isClosed = (key: unknown) => {
      const outcome = stages.find((stage) => stage.key === key)?.outcome;
      return outcome === "won" || outcome === "lost";
    };
    const wasClosed = isClosed(before?.["stage"]);
    const closed = said["stage"] === undefined ? wasClosed : isClosed(said["stage"]);
    const day = said["closesOn"];
    if (closed && !wasClosed) return typeof day === "string" ? {} : { closesOn: today };
    if (wasClosed && !closed) return day === undefined ? { closesOn: null } : {};
    if (closed && day === null) {
      const issue = { field: "closesOn", code: "required", message: needsDay[language] };
      throw new Refusal("invalid_input", { field: "closesOn", issues: [issue] });
    }
    return {};
  };
