/** Expected mishaps of backup and restore; the message is a sentence for the operator that says what to do. */
export class BackupError extends Error {
  override readonly name = "BackupError";
  readonly code: BackupErrorCode;
  constructor(code: BackupErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export type BackupErrorCode =
  | "location_away"
  | "location_full"
  | "location_taken"
  | "access_denied"
  | "not_configured"
  | "same_disk"
  | "same_place"
  | "key_missing"
  | "key_wrong"
  | "damaged"
  | "missing"
  | "outside_window"
  | "in_gap"
  | "busy"
  | "clock_jumped"
  | "newer_version"
  | "bad_request"
  | "not_equal"
  | "cut_off"
  | "failed";

/** A file that is lost or spoilt, and stays so; anything else, such as a location that is away, may be over soon. */
export const isUnreadable = (error: unknown): error is BackupError =>
  error instanceof BackupError && ["missing", "damaged", "key_missing"].includes(error.code);

/** A location that is away is a problem of its own, and keeps nothing from being done elsewhere. */
export async function unlessAway<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackupError && ["location_away", "access_denied"].includes(error.code))
      return undefined;
    throw error;
  }
}
