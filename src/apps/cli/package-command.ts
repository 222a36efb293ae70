import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import {
  BackupError,
  fileStoresOf,
  packageMoment,
  packageNow,
  verifyPackage,
  type PackageManifest,
} from "#hosting/index.ts";
import { standBack } from "#platform/postgres/index.ts";
import { momentOf } from "./recovery-command-line.ts";
import { ended } from "./ending.ts";
import { UsageError } from "./usage-error.ts";
import { withHost } from "./with-host.ts";

export type PackageCommand = { json: boolean } & (
  | { verb: "verify"; folder: string }
  | { verb: "make"; key: string; folder: string; target: Date | undefined }
);

export const packageUsage = `  strongroom package <key> [--to <time>] --into <new folder>
  strongroom package verify <folder>`;

export const isAboutPackages = (words: string[]): boolean =>
  words.find((word) => !word.startsWith("-")) === "package";

export function parsePackageCommand(words: string[]): PackageCommand {
  const { positionals, values } = parsed(words);
  const [, first, second, ...rest] = positionals;
  const json = values.json ?? false;
  if (first === undefined) throw wrong("package needs the tenant's key, or verify and a folder.");
  const isVerify = first === "verify" && values.into === undefined;
  const tooMany = isVerify ? rest[0] : second;
  if (tooMany !== undefined) throw wrong(`"${tooMany}" is one word too many.`);
  if (isVerify) {
    if (second === undefined) throw wrong("package verify needs the folder.");
    if (values.to !== undefined) throw wrong("package verify takes no --to.");
    return { verb: "verify", folder: second, json };
  }
  if (values.into === undefined) throw wrong("package needs a new folder: --into <folder>.");
  const target = values.to === undefined ? undefined : momentOf(values.to);
  return { verb: "make", key: first, folder: values.into, target, json };
}

/** Runs it and returns what to print. Throws BackupError, TenancyError. */
export async function runPackageCommand(command: PackageCommand): Promise<string> {
  if (command.verb === "verify") {
    const { manifest, problems } = await verifyPackage(command.folder);
    if (problems.length > 0)
      throw new BackupError("damaged", `The package is not as it was made:\n  ${problems.join("\n  ")}`);
    return told(command, manifest, `Nothing is missing, changed or added in ${command.folder}.`);
  }
  standBack();
  const { key, folder, target } = command;
  const manifest = await withHost(({ directory, backups, whyNot, tenancy, server, log }) => {
    const { connection } = server;
    if (target === undefined)
      return packageNow(
        { tenancy, connection, stores: fileStoresOf(directory) },
        { key, folder },
        new Date(),
      );
    if (backups === undefined)
      throw (
        whyNot ?? new BackupError("not_configured", "Nothing is backed up, so there is no moment to take.")
      );
    const requestedBy = `command of ${userInfo().username}`;
    return packageMoment(
      { backups, tenancy, connection, log, requestedBy, signal: ended },
      { key, folder, target },
      new Date(),
    );
  });
  return told(command, manifest, `${key} is in ${folder}, readable by you alone.`);
}

function told({ json }: PackageCommand, manifest: PackageManifest, first: string): string {
  if (json) return JSON.stringify(manifest, undefined, 2);
  const { files, leftOut, erased = 0, target, takenAt, lastOwnCommit } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    first,
    `  as it was at        ${target ?? takenAt}`,
    `  last commit in      ${lastOwnCommit ?? "none"}`,
    `  files               ${files.length}, ${bytes} bytes`,
    ...(erased === 0 ? [] : [`  erased since        ${erased} records, which are not in it`]),
    `  left out            ${leftOut.map(({ table, columns }) => `${table} (${columns.join(", ")})`).join(", ")}`,
  ].join("\n");
}

function parsed(words: string[]) {
  try {
    const text = { type: "string" } as const;
    const options = { json: { type: "boolean" }, to: text, into: text } as const;
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

const wrong = (reason: string): UsageError => new UsageError(`${reason}\n\nUsage:\n${packageUsage}`);
