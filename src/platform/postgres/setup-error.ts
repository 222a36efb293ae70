/** Something the host must put right before the program can run. The message is a sentence for a person. */
export class SetupError extends Error {
  override readonly name = "SetupError";
}

/** Explains the commonest mishap: the folder was made by root, or by another user. */
export function explained(error: unknown, directory: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "EACCES" && code !== "EPERM") return error;
  return new SetupError(
    `${directory} belongs to another user. Run Strongroom as that one, or set STRONGROOM_DATA.`,
    {
      cause: error,
    },
  );
}
