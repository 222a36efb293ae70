import { open } from "node:fs/promises";

/** What was made, renamed or removed in it is on disk when this returns. */
export async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, "r");
  await opened.sync().finally(() => opened.close());
}
