/** The command line is not understood. The message says why and how it is used. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
