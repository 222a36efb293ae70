import type { Condition, Field, FieldType, Filter } from "#ui/index.ts";
import type { operatorWords } from "./filters.words.ts";

export type Operator =
  | "eq"
  | "ne"
  | "contains"
  | "startsWith"
  | "empty"
  | "notEmpty"
  | "lt"
  | "le"
  | "gt"
  | "ge"
  | "between"
  | "in"
  | "notIn";

const text: Operator[] = ["contains", "eq", "ne", "startsWith", "empty", "notEmpty"];
const ordered: Operator[] = ["ge", "le", "between", "eq", "ne", "gt", "lt", "empty", "notEmpty"];
const chosen: Operator[] = ["in", "notIn", "empty", "notEmpty"];

const operators: Record<FieldType, Operator[]> = {
  text, longText: text, email: text, phone: text, url: text,
  integer: ordered, decimal: ordered, money: ordered, date: ordered, dateTime: ordered,
  choice: chosen, relation: chosen, user: chosen, territory: chosen,
  yesNo: ["eq"],
}; // prettier-ignore

export const operatorsOf = (field: Field): Operator[] => operators[field.type];
export const needsNoValue = (operator: string): boolean => operator === "empty" || operator === "notEmpty";
export const takesMany = (operator: string): boolean => operator === "in" || operator === "notIn";

const ofDates: Partial<Record<Operator, keyof typeof operatorWords>> = {
  lt: "before",
  le: "until",
  gt: "after",
  ge: "since",
};

/** Which word an operator has on this kind of field: 4 is "≥", a date is "from". */
export function operatorWord(field: Field, operator: string): keyof typeof operatorWords {
  const dated = field.type === "date" || field.type === "dateTime";
  return (dated && ofDates[operator as Operator]) || (operator as Operator);
}

export const isCondition = (filter: Filter): filter is Condition => "field" in filter;

/** The filters that stand beside each other at the top, all of which must hold. */
export function partsOf(filter: Filter | undefined): Filter[] {
  if (!filter) return [];
  return "and" in filter ? filter.and : [filter];
}

export function allOf(parts: Filter[]): Filter | undefined {
  const real = parts.map(withoutEmpty).filter((part) => part !== undefined);
  if (real.length <= 1) return real[0];
  return { and: real };
}

/** A half-built condition or an empty group asks nothing and is left out. */
function withoutEmpty(filter: Filter): Filter | undefined {
  if ("and" in filter) return allOf(filter.and);
  if ("or" in filter) {
    const real = filter.or.map(withoutEmpty).filter((part) => part !== undefined);
    return real.length <= 1 ? real[0] : { or: real };
  }
  if ("not" in filter) {
    const inner = withoutEmpty(filter.not);
    return inner && { not: inner };
  }
  return isComplete(filter) ? filter : undefined;
}

/** What was typed and is not understood is no value to ask for. */
const isUnread = (part: unknown): boolean => typeof part === "object" && part !== null && "unread" in part;

export function isComplete({ op, value }: Condition): boolean {
  if (needsNoValue(op)) return true;
  const isFilled = (part: unknown) => part !== undefined && part !== null && part !== "" && !isUnread(part);
  return Array.isArray(value) ? value.length > 0 && value.every(isFilled) : isFilled(value);
}
