import type { Condition, Module } from "#ui/index.ts";
import { fieldsOf } from "#features/fields/web/index.ts";
import { operatorsOf, takesMany } from "./operators.ts";

export function filterableFields(module: Module) {
  return fieldsOf(module).filter(({ filterable }) => filterable);
}

export function newCondition(module: Module, fieldName?: string): Condition {
  const field = filterableFields(module).find(({ name }) => !fieldName || name === fieldName);
  const op = field ? (operatorsOf(field)[0] ?? "eq") : "eq";
  return { field: field?.name ?? module.titleField, op, value: takesMany(op) ? [] : null };
}
