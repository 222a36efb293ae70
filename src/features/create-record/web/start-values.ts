import type { Module, Session, Value } from "#ui/index.ts";

/** What is nearly always meant: the tenant's currency, and the first choice where one must be made. */
export function startValues(module: Module, { tenant }: Session): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const { name, required, readOnly, choices = [] } of module.fields) {
    if (readOnly || choices.length === 0) continue;
    if (choices.some(({ value }) => value === tenant.currency)) values[name] = tenant.currency;
    else if (required) values[name] = choices[0]?.value;
  }
  return values;
}
