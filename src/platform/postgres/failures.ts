import { refusalOf } from "#core/index.ts";

/** No connection of the pool became free in time. */
export class DatabaseBusy extends Error {
  override readonly name = "DatabaseBusy";
  readonly code = "DATABASE_BUSY";
}

/** True when the server cannot be reached now but may be again soon: the caller answers "try again". */
export const isDatabaseAway = (error: unknown): boolean => refusalOf(error)?.code === "unavailable";
