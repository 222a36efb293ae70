const shape = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/;
const hourMilliseconds = 3_600_000;

/**
 * The moments a local time of day stands for: one, none when the clocks go forward over it, two when they go back.
 * `offsetMinutes` is that of the reader's zone at a moment, as Date.getTimezoneOffset has it.
 */
export function momentsOf(
  local: string,
  offsetMinutes: (at: Date) => number = (at) => at.getTimezoneOffset(),
): Date[] {
  const parts = shape
    .exec(local)
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  if (parts === undefined) return [];
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const near = [-24, 24].map((hours) => new Date(asUtc + hours * hourMilliseconds));
  const offsets = new Set(near.map(offsetMinutes));
  return [...offsets]
    .map((minutes) => new Date(asUtc + minutes * 60_000))
    .filter((at) => at.getTime() - offsetMinutes(at) * 60_000 === asUtc)
    .sort((one, other) => one.getTime() - other.getTime());
}

/** As a field for a local day and time takes it, to the second. */
export function localOf(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

/** How far the reader's clock is from UTC at a moment, for example "UTC+01:00". */
export function offsetWords(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}
