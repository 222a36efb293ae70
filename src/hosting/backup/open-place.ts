import { resolve } from "node:path";
import { folderPlace } from "./folder-location.ts";
import type { BackupPlace } from "./location.ts";
import { isS3 } from "./s3-settings.ts";

/** The place a setting names: a folder, or s3://bucket/prefix. Throws BackupError `bad_request`, `not_configured`. */
export async function openPlace(name: string, environment: NodeJS.ProcessEnv): Promise<BackupPlace> {
  if (!isS3(name)) return folderPlace(resolve(name), environment);
  // Loaded by those alone who use it: it is large.
  const { s3Place } = await import("./s3-location.ts");
  return s3Place(name, environment);
}
