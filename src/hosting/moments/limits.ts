/** Moments of one tenant that may be open at once: each is a whole database. */
export const openMax = 3;

const daysMax = 90;

/** Days a moment stays open; the host may set another number from 1 to 90. */
export function openDays(environment: NodeJS.ProcessEnv): number {
  const days = Number(environment["STRONGROOM_MOMENT_DAYS"]);
  return Number.isInteger(days) && days >= 1 && days <= daysMax ? days : 7;
}
