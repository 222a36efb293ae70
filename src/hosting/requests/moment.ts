// A time of day without its zone means two moments when the clocks go back, and none when they go forward.
const shape = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(:\d\d(\.\d{1,6})?)?)(Z|[+-]\d\d:?\d\d)?$/;

/** Reads day, time and offset, for example 2026-11-22T02:35:53+01:00; or tells what is wrong. */
export function readMoment(text: string): { at: Date } | { wrong: "not_a_time" | "no_offset" } {
  const [, day = "", time = "", , , zone] = shape.exec(text) ?? [];
  const offset = (zone ?? "Z").replace(/^([+-]\d\d)(\d\d)$/, "$1:$2");
  const at = new Date(`${day}T${time}${offset}`);
  const midnight = new Date(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  if (Number.isNaN(at.getTime()) || !isDay || day === "") return { wrong: "not_a_time" };
  return zone === undefined ? { wrong: "no_offset" } : { at };
}
