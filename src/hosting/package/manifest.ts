import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { BackupError } from "../backup/backup-error.ts";
import { measure } from "./write-file.ts";

export const manifestName = "manifest.json";

const shape = z.object({
  format: z.literal(1),
  tenant: z.object({ key: z.string(), name: z.string() }),
  /** The moment asked for; null for the moment it was taken. */
  target: z.string().nullable(),
  takenAt: z.string(),
  /** Commit time of the tenant's own last logged act that is in. */
  lastOwnCommit: z.string().nullable(),
  /** Records that were erased for good since the moment and are not in it. */
  erased: z.int().optional(),
  schemaVersion: z.int(),
  files: z.array(
    z.object({
      path: z.string(),
      /** Of a table; absent for an uploaded file. */
      table: z.string().optional(),
      rows: z.int().optional(),
      bytes: z.int(),
      sha256: z.string(),
    }),
  ),
  /** Secrets that are in the database and not in the package. */
  leftOut: z.array(z.object({ table: z.string(), columns: z.array(z.string()) })),
});
export type PackageManifest = z.infer<typeof shape>;

/** What is not as the manifest says, a sentence each; empty when everything is. Throws BackupError without one. */
export async function verifyPackage(
  folder: string,
): Promise<{ manifest: PackageManifest; problems: string[] }> {
  const manifest = await readManifest(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const there = new Set(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "/").length)),
  );
  there.delete(manifestName);
  const problems: string[] = [];
  for (const { path, bytes, sha256 } of manifest.files) {
    if (!there.delete(path)) {
      problems.push(`${path} is missing.`);
      continue;
    }
    const found = await measure(join(folder, path));
    if (found.bytes !== bytes || found.sha256 !== sha256) problems.push(`${path} was changed.`);
  }
  return { manifest, problems: [...problems, ...[...there].sort().map((path) => `${path} was added.`)] };
}

async function readManifest(folder: string): Promise<PackageManifest> {
  try {
    return shape.parse(JSON.parse(await readFile(join(folder, manifestName), "utf8")));
  } catch (error) {
    throw new BackupError(
      "damaged",
      `${folder} holds no whole package: its ${manifestName} cannot be read.`,
      {
        cause: error,
      },
    );
  }
}
