import type { Field, Language, Module } from "#ui/index.ts";
import { isNumeric } from "#features/fields/web/index.ts";

const letterPixels = 6.6;
const wordPixels = 7.6;
const paddingPixels = 42;

/** Widths by what a column holds, and never narrower than its own head: names grow, figures stay as they are. */
export function columnTemplate(
  module: Module,
  fields: Field[],
  language: Language,
  withAction: boolean,
): string {
  const widths = fields.map((field) => {
    const head = Math.ceil(field.words[language].length * letterPixels) + paddingPixels;
    const isTitle = field.name === module.titleField;
    const [least, share] = isTitle ? [180, 2] : measuresOf(field, language);
    return `minmax(${Math.max(least, head)}px, ${share}fr)`;
  });
  return [...widths, ...(withAction ? ["176px"] : [])].join(" ");
}

function measuresOf(field: Field, language: Language): [leastPixels: number, share: number] {
  if (isNumeric(field) || field.type === "date") return [122, 0.8];
  if (field.type === "dateTime") return [150, 1];
  if (field.type === "choice" || field.type === "yesNo") {
    const longest = Math.max(0, ...(field.choices ?? []).map(({ words }) => words[language].length));
    return [Math.max(100, Math.ceil(longest * wordPixels) + 24), 0.8];
  }
  return [130, 1.2];
}

/** On a phone the few columns share the width there is. */
export function phoneTemplate(fields: Field[], withAction: boolean): string {
  const widths = fields.map((field, index) => {
    if (index === 0) return "minmax(0, 1.7fr)";
    return isNumeric(field) || field.type === "date" ? "116px" : "minmax(0, 1fr)";
  });
  return [...widths, ...(withAction ? ["150px"] : [])].join(" ");
}
