import { z } from "zod";
import { dayText, emailText, instantText, nameText, saying, text, uuidText } from "#core/index.ts";
import { ownFields, type Field, type Module } from "./definition.ts";
import { recordWords } from "./record.words.ts";

export const recordId = uuidText();
export const userId = z.int().min(1).max(2_147_483_647);

/** Every field of a new record; unknown fields are refused. */
export function createShape(module: Module) {
  const own = ownFields(module).map((field) => [
    field.name,
    field.required === true ? required(field) : optional(field),
  ]);
  return z.strictObject({ ...Object.fromEntries(own), ...(module.follows === undefined ? placeShape : {}) });
}

/** Any of a record's fields; what is absent stays. */
export function changeShape(module: Module) {
  const own = ownFields(module).map((field) => [
    field.name,
    field.required === true ? required(field).optional() : optional(field),
  ]);
  return z.strictObject(Object.fromEntries(own));
}

export const placeShape = {
  responsible: userId.nullable().optional(),
  secondResponsible: userId.nullable().optional(),
  territory: z.int().min(1).max(2_147_483_647).nullable().optional(),
};

const required = (field: Field): z.ZodType => {
  const shape = valueShape(field);
  return "lengthMax" in field ? text(field.lengthMax).min(1) : shape;
};

/** An empty text means "no value". */
function optional(field: Field): z.ZodType {
  return z.preprocess(
    (value) => (typeof value === "string" && value.trim() === "" ? null : value),
    valueShape(field).nullable().optional(),
  );
}

function valueShape(field: Field): z.ZodType {
  switch (field.type) {
    case "text":
    case "longText":
      return text(field.lengthMax);
    case "email":
      return emailText(field.lengthMax);
    case "phone":
      return text(field.lengthMax).regex(/^[+\d][\d\s().\-/x]*$/);
    case "url":
      return text(field.lengthMax).regex(/^https?:\/\/\S+$/i);
    case "integer":
      return z.int().min(field.min).max(field.max);
    case "decimal":
    case "money":
      return z.number().min(field.min).max(field.max).refine(hasTwoDecimals, saying(recordWords.twoDecimals));
    case "date":
      return dayText().refine(withinCalendar, saying(recordWords.calendar));
    case "dateTime":
      return instantText().refine(withinCalendar, saying(recordWords.calendar));
    case "yesNo":
      return z.boolean();
    case "choice":
      return field.choices === "stages" ? nameText(50) : z.enum(field.choices.map((choice) => choice.value));
    case "relation":
      return recordId;
    default:
      return userId;
  }
}

const hasTwoDecimals = (value: number) => Math.abs(Math.round(value * 100) - value * 100) < 1e-4;
const withinCalendar = (value: string) => value >= "1000" && value < "9999";
