import { parseArgs } from "node:util";
import { readMoment } from "#hosting/index.ts";
import { UsageError } from "./usage-error.ts";

export type RecoveryCommand = { json: boolean } & (
  | { verb: "status" }
  | { verb: "backup"; what: "now" | "increment" | "list" | "status" | "check" | "purge" | "new-key" | "stop" }
  | { verb: "backup-key"; sheet: string }
  | { verb: "drill"; key: string | undefined }
  | { verb: "restore"; key: string; target: Date; as: string | undefined }
  | { verb: "restore-back"; key: string }
  | { verb: "recover-own"; target: Date | undefined }
  | {
      verb: "recover";
      from: string;
      copy: string | undefined;
      sheet: string;
      target: Date | undefined;
      asItWas: boolean;
      acceptLoss: boolean;
      rehearsal: boolean;
    }
);

export const recoveryUsage = `  strongroom status
  strongroom backup now | increment | list | status | check | purge | new-key | stop
  strongroom backup key <recovery sheet>
  strongroom backup drill [<key>]
  strongroom restore <key> --to <time> [--as <new key>]
  strongroom restore --back <key>
  strongroom recover --from <backup folder or s3://bucket/prefix> [--copy <the second one>] --key <recovery sheet> [--to <time> [--as-it-was]] [--accept-loss] [--rehearse]`;

const isNoun = (word: string): boolean => ["status", "backup", "restore", "recover"].includes(word);

/** True when these words are about backups and restores. */
export const isAboutRecovery = (words: string[]): boolean =>
  isNoun(words.find((word) => !word.startsWith("-")) ?? "");

export function parseRecoveryCommand(words: string[]): RecoveryCommand {
  const { positionals, values } = parsed(words);
  const [noun, first, second, ...rest] = positionals;
  const json = values.json ?? false;
  if (rest.length > 0) throw wrong(`"${rest[0]}" is one word too many.`);
  const allowed =
    {
      status: [],
      backup: [],
      restore: ["to", "as", "back"],
      recover: ["from", "copy", "key", "to", "as-it-was", "accept-loss", "rehearse"],
    }[noun ?? ""] ?? [];
  const foreign = Object.keys(values).find(
    (name) => name !== "json" && !(allowed as string[]).includes(name),
  );
  if (foreign !== undefined) throw wrong(`${noun} takes no --${foreign}.`);
  switch (noun) {
    case "backup":
      return { ...backupCommand(first, second), json };
    case "restore":
      if (second !== undefined) throw wrong(`"${second}" is one word too many.`);
      return { ...restoreCommand(first, values), json };
    case "recover":
      if (first !== undefined) throw wrong(`"${first}" is one word too many.`);
      return { ...recoverCommand(values), json };
    default:
      if (first !== undefined) throw wrong(`"${first}" is one word too many.`);
      return { verb: "status", json };
  }
}

function backupCommand(what: string | undefined, argument: string | undefined) {
  if (what === "key") {
    if (argument === undefined) throw wrong("backup key needs the recovery sheet's file.");
    return { verb: "backup-key", sheet: argument } as const;
  }
  if (what === "drill") return { verb: "drill", key: argument } as const;
  if (argument !== undefined) throw wrong(`"${argument}" is one word too many.`);
  switch (what) {
    case "now":
    case "increment":
    case "list":
    case "status":
    case "check":
    case "purge":
    case "new-key":
    case "stop":
      return { verb: "backup", what } as const;
    default:
      throw wrong(what ? `There is no command "backup ${what}".` : "backup needs one of the words below.");
  }
}

function restoreCommand(key: string | undefined, values: { to?: string; as?: string; back?: boolean }) {
  if (key === undefined) throw wrong("restore needs the tenant's key.");
  if (values.back) {
    if (values.to !== undefined || values.as !== undefined)
      throw wrong("--back takes neither --to nor --as.");
    return { verb: "restore-back", key } as const;
  }
  if (values.to === undefined) throw wrong("restore needs a moment: --to 2026-11-22T01:35:53Z.");
  return { verb: "restore", key, target: momentOf(values.to), as: values.as } as const;
}

/** Without a location it is about a server of the host's own. */
function recoverCommand({
  from,
  copy,
  key,
  to,
  "as-it-was": asItWas = false,
  "accept-loss": acceptLoss = false,
  rehearse: rehearsal = false,
}: {
  from?: string;
  copy?: string;
  key?: string;
  to?: string;
  "as-it-was"?: boolean;
  "accept-loss"?: boolean;
  rehearse?: boolean;
}) {
  const target = to === undefined ? undefined : momentOf(to);
  if (from === undefined && copy === undefined && key === undefined)
    return { verb: "recover-own", target } as const;
  if (from === undefined || key === undefined) throw wrong("recover needs --from and --key.");
  if (asItWas && target === undefined) throw wrong("--as-it-was goes with a moment: --to <time>.");
  return { verb: "recover", from, copy, sheet: key, target, asItWas, acceptLoss, rehearsal } as const;
}

export function momentOf(text: string): Date {
  const read = readMoment(text);
  if ("at" in read) return read.at;
  throw wrong(
    `"${text}" is no moment. Give day, time and zone, for example 2026-11-22T01:35:53Z or 2026-11-22T02:35:53+01:00.`,
  );
}

function parsed(words: string[]) {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = {
      json: flag,
      back: flag,
      "as-it-was": flag,
      to: text,
      as: text,
      from: text,
      copy: text,
      key: text,
      rehearse: flag,
      "accept-loss": flag,
    };
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

const wrong = (reason: string): UsageError => new UsageError(`${reason}\n\nUsage:\n${recoveryUsage}`);
