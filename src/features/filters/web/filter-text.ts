import {
  useFormats,
  useLanguage,
  useWords,
  type Condition,
  type Filter,
  type Module,
  type Value,
} from "#ui/index.ts";
import { fieldNamed, valueText } from "#features/fields/web/index.ts";
import { filterWords, operatorWords } from "./filters.words.ts";
import { useNames } from "./names.ts";
import { isCondition, needsNoValue, operatorWord, takesMany } from "./operators.ts";

/** A condition in words: what is asked about, and the rest of the sentence. */
export function useConditionText(module: Module, condition: Condition): { subject: string; rest: string } {
  const sayOperator = useWords(operatorWords);
  const say = useWords(filterWords);
  const formats = useFormats();
  const language = useLanguage();
  const field = fieldNamed(module, condition.field);
  const values = Array.isArray(condition.value) ? condition.value : [condition.value];
  const names = useNames(field, takesMany(condition.op) ? values : []);
  if (!field) return { subject: condition.field, rest: condition.op };
  const operator = sayOperator[operatorWord(field, condition.op)];
  const subject = field.words[language];
  if (needsNoValue(condition.op)) return { subject, rest: operator };
  const texts = values.map((value) =>
    takesMany(condition.op)
      ? (names.find((option) => option.value === String(value))?.label ?? String(value))
      : valueText(field, value as Value, formats, language),
  );
  return { subject, rest: `${operator} ${texts.join(condition.op === "between" ? ` ${say.and} ` : ", ")}` };
}

/** How many conditions a group holds, for a chip that has no room for them all. */
export function conditionsIn(filter: Filter): Condition[] {
  if (isCondition(filter)) return [filter];
  if ("not" in filter) return conditionsIn(filter.not);
  return ("and" in filter ? filter.and : filter.or).flatMap(conditionsIn);
}
