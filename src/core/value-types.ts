import { types } from "pg";

/** Days stay text ("2026-11-22"), numerics become numbers, times keep their microseconds (paging compares them). */
export function setValueTypes(): void {
  types.setTypeParser(types.builtins.DATE, (text) => text);
  types.setTypeParser(types.builtins.NUMERIC, Number);
  types.setTypeParser(types.builtins.INT8, Number);
  types.setTypeParser(types.builtins.TIMESTAMPTZ, isoTime);
}

/** "2026-11-22 01:02:03.123456+00" as ISO 8601 in UTC. */
function isoTime(text: string): string {
  return text.endsWith("+00") ? `${text.slice(0, -3).replace(" ", "T")}Z` : new Date(text).toISOString();
}
