import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import {
  allowRestores,
  decideRequest,
  listRequests,
  workOffRequest,
  type RestoreRequest,
} from "#hosting/index.ts";
import { standBack } from "#platform/postgres/index.ts";
import { recoveryOf } from "./recovery-commands.ts";
import { UsageError } from "./usage-error.ts";
import { withHost } from "./with-host.ts";

export type RequestCommand = { json: boolean } & (
  | { verb: "requests" }
  | { verb: "approve" | "work"; id: string }
  | { verb: "refuse"; id: string; because: string }
  | { verb: "allow"; key: string; allowed: boolean }
);

export const requestUsage = `  strongroom restore requests
  strongroom restore approve <request>
  strongroom restore refuse <request> --because "Why"
  strongroom restore allow <key> on | off`;

const verbs = ["requests", "approve", "refuse", "allow", "work"];

/** True when these words are about what tenants asked; a tenant called "requests" is restored with --to all the same. */
export function isAboutRequests(words: string[]): boolean {
  const [noun, verb = ""] = words.filter((word) => !word.startsWith("-"));
  const isRestore = words.some((word) => /^--(to|back|as)(=|$)/.test(word));
  return noun === "restore" && verbs.includes(verb) && !isRestore;
}

export function parseRequestCommand(words: string[]): RequestCommand {
  const { positionals, values } = parsed(words);
  const [, verb, first, second, ...rest] = positionals;
  const json = values.json ?? false;
  const extra = verb === "allow" ? rest[0] : verb === "requests" ? first : second;
  if (extra !== undefined) throw wrong(`"${extra}" is one word too many.`);
  if (values.because !== undefined && verb !== "refuse") throw wrong("Only refuse takes --because.");
  if (verb === "requests") return { verb, json };
  if (first === undefined)
    throw wrong(verb === "allow" ? "allow needs the tenant's key." : `${verb} needs the request.`);
  if (verb === "allow") {
    if (second !== "on" && second !== "off") throw wrong("allow needs on or off.");
    return { verb, key: first, allowed: second === "on", json };
  }
  if (!/^[\da-f-]{4,36}$/i.test(first))
    throw wrong(`"${first}" is no request. See them: strongroom restore requests.`);
  if (verb === "refuse") {
    const because = values.because?.trim();
    if (!because) throw wrong('refuse needs a reason, which the tenant reads: --because "Why".');
    return { verb, id: first, because, json };
  }
  return { verb: verb === "work" ? "work" : "approve", id: first, json };
}

/** Runs it and returns what to print. Throws BackupError, TenancyError. */
export async function runRequestCommand(command: RequestCommand): Promise<string> {
  if (command.verb === "work") standBack();
  const by = `command of ${userInfo().username}`;
  return withHost(async (host) => {
    const { tenancy } = host;
    switch (command.verb) {
      case "requests": {
        const requests = await listRequests(tenancy.registry);
        return command.json ? JSON.stringify(requests, undefined, 2) : listWords(requests);
      }
      case "approve": {
        const decision = { state: "approved", by, because: null } as const;
        const { tenantKey, id } = await decideRequest(tenancy, command.id, decision);
        return `Approved for ${tenantKey}. The running Strongroom begins within seconds; to do it now without one: strongroom restore work ${id}`;
      }
      case "refuse": {
        const decision = { state: "refused", by, because: command.because } as const;
        return `Refused. ${(await decideRequest(tenancy, command.id, decision)).tenantKey} reads why.`;
      }
      case "allow": {
        await allowRestores(tenancy, command.key, command.allowed);
        return command.allowed
          ? `Administrators of ${command.key} may restore without asking. Copies under a new key still need approval.`
          : `Administrators of ${command.key} must ask for each restore.`;
      }
      case "work": {
        const { kind, tenantKey } = await workOffRequest(recoveryOf(host), command.id, new Date());
        return `Done for ${tenantKey}: ${kind}.`;
      }
    }
  });
}

function listWords(requests: RestoreRequest[]): string {
  if (requests.length === 0) return "Nobody has asked for a restore.";
  return requests
    .map(({ id, tenantKey, kind, target, newKey, state, askedBy, askedAt, reason, failure }) =>
      [
        `${state.padEnd(9)} ${id}`,
        `  tenant    ${tenantKey}`,
        `  wants     ${kind === "back" ? "to go back to what was before its restore" : `${kind === "moment" ? "to look beside the present at how it was" : "to stand as it was"} at ${target}${newKey === null ? "" : `, as ${newKey}`}`}`,
        `  asked by  ${askedBy} at ${askedAt}`,
        `  because   ${reason}`,
        ...(failure === null ? [] : [`  failed    ${failure}`]),
      ].join("\n"),
    )
    .join("\n");
}

function parsed(words: string[]) {
  try {
    const options = { json: { type: "boolean" }, because: { type: "string" } } as const;
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

const wrong = (reason: string): UsageError => new UsageError(`${reason}\n\nUsage:\n${requestUsage}`);
