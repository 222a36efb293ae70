import { parseArgs } from "node:util";
import {
  BackupError,
  closeMoment,
  listMoments,
  openMoment,
  tidyMoments,
  type OpenedMoment,
  type OpenMoment,
} from "#hosting/index.ts";
import type { Tenancy } from "#platform/tenancy/index.ts";
import { standBack } from "#platform/postgres/index.ts";
import { momentOf } from "./recovery-command-line.ts";
import { recoveryOf } from "./recovery-commands.ts";
import { UsageError } from "./usage-error.ts";
import { withHost } from "./with-host.ts";

export type MomentCommand = { json: boolean } & (
  | { verb: "open"; key: string; target: Date; days: number | undefined }
  | { verb: "moments"; key: string | undefined }
  | { verb: "close"; id: string }
);

export const momentUsage = `  strongroom restore <key> --to <time> --beside [--days <1 to 90>]
  strongroom restore moments [<key>]
  strongroom restore close <moment>`;

/** True when these words are about moments beside the present; a tenant called "close" is restored with --to all the same. */
export function isAboutMoments(words: string[]): boolean {
  const [noun, verb = ""] = words.filter((word) => !word.startsWith("-"));
  if (noun !== "restore") return false;
  if (words.includes("--beside")) return true;
  return ["moments", "close"].includes(verb) && !words.some((word) => /^--(to|back|as)(=|$)/.test(word));
}

export function parseMomentCommand(words: string[]): MomentCommand {
  const { positionals, values } = parsed(words);
  const [, first, second, ...rest] = positionals;
  const json = values.json ?? false;
  if (values.beside) {
    if (first === undefined) throw wrong("restore needs the tenant's key.");
    if (second !== undefined) throw wrong(`"${second}" is one word too many.`);
    if (values.to === undefined) throw wrong("restore needs a moment: --to 2026-11-22T01:35:53Z.");
    return { verb: "open", key: first, target: momentOf(values.to), days: daysOf(values.days), json };
  }
  if (values.to !== undefined || values.days !== undefined)
    throw wrong(`${first} takes neither --to nor --days.`);
  if (rest[0] !== undefined) throw wrong(`"${rest[0]}" is one word too many.`);
  if (first === "moments") return { verb: "moments", key: second, json };
  if (second === undefined || !/^[\da-f-]{4,36}$/i.test(second))
    throw wrong("close needs the moment. See them: strongroom restore moments.");
  return { verb: "close", id: second.toLowerCase(), json };
}

function daysOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,2}$/.test(text) || Number(text) < 1 || Number(text) > 90)
    throw wrong("--days is a number from 1 to 90.");
  return Number(text);
}

/** Runs it and returns what to print. Throws BackupError, TenancyError. */
export async function runMomentCommand(command: MomentCommand): Promise<string> {
  if (command.verb === "open") standBack();
  return withHost(async (host) => {
    const { tenancy } = host;
    const print = <Value>(value: Value, words: (value: Value) => string) =>
      command.json ? JSON.stringify(value, undefined, 2) : words(value);
    switch (command.verb) {
      case "open":
        return print(await openMoment(recoveryOf(host), command, new Date()), openedWords);
      case "moments": {
        const of = command.key === undefined ? undefined : (await tenancy.show(command.key)).id;
        const keys = new Map((await tenancy.list()).map(({ id, key }) => [id, key]));
        return print(await listMoments(tenancy.registry, of), (moments) => listWords(moments, keys));
      }
      case "close": {
        const moment = await findOne(tenancy, command.id);
        await closeMoment(tenancy.registry, moment.tenantId, moment.id);
        await tidyMoments({ ...host, connection: host.server.connection });
        return print({ id: moment.id }, () => `Closed. The moment at ${moment.at} is no more.`);
      }
    }
  });
}

async function findOne({ registry }: Tenancy, beginning: string): Promise<OpenMoment> {
  const [found, another] = (await listMoments(registry)).filter(({ id }) => id.startsWith(beginning));
  if (found === undefined) throw new BackupError("bad_request", `No moment ${beginning} is open.`);
  if (another !== undefined)
    throw new BackupError("bad_request", `Several moments begin with ${beginning}. Give more of the id.`);
  return found;
}

function openedWords({ id, tenant, target, lastCommit, copied, days }: OpenedMoment): string {
  return [
    `${tenant} can be read as it was at ${target}, beside the present, under everybody's own rights of today.`,
    `  last commit in      ${lastCommit ?? "none since the base backup"}`,
    `  compared            ${copied.rows} rows of ${copied.tables} tables, equal`,
    `  open for            ${days} days; to close it before: strongroom restore close ${id}`,
    `  reached at          /moments/${id} of its address`,
  ].join("\n");
}

function listWords(moments: OpenMoment[], keys: Map<string, string>): string {
  if (moments.length === 0) return "No moment is open.";
  return moments
    .map(
      ({ id, tenantId, at, openUntil }) =>
        `${keys.get(tenantId)}  as at ${at}  open until ${openUntil}  ${id}`,
    )
    .join("\n");
}

function parsed(words: string[]) {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = { json: flag, beside: flag, to: text, days: text };
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

const wrong = (reason: string): UsageError => new UsageError(`${reason}\n\nUsage:\n${momentUsage}`);
