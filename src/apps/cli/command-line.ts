import { parseArgs } from "node:util";
import { momentUsage } from "./moment-command.ts";
import { packageUsage } from "./package-command.ts";
import { recoveryUsage } from "./recovery-command-line.ts";
import { requestUsage } from "./request-command.ts";
import { UsageError } from "./usage-error.ts";

export type Command = { json: boolean } & (
  | { verb: "list" }
  | { verb: "create"; key: string; name: string }
  | { verb: "show" | "suspend" | "resume"; key: string }
  | { verb: "unblock"; key: string; user: string }
  | { verb: "administrator"; key: string; user: string }
);

export const usage = `Usage:
  strongroom tenant create <key> --name "Company A/S"
  strongroom tenant list
  strongroom tenant show <key>
  strongroom tenant suspend <key>
  strongroom tenant resume <key>
  strongroom tenant unblock <key> <user>
  strongroom tenant administrator <key> [<user>]
${recoveryUsage}
${momentUsage}
${requestUsage}
${packageUsage}

  --json   print JSON
A key has 1 to 40 lower-case letters, digits and single hyphens, a letter first.
Works on the data folder in STRONGROOM_DATA or on the server in DATABASE_URL, whether or not Strongroom runs.`;

export function parseCommand(words: string[]): Command {
  const { positionals, values } = parsed(words);
  const [noun, verb, key, ...more] = positionals;
  const takesUser = verb === "unblock" || verb === "administrator";
  const [user, ...rest] = takesUser ? more : [undefined, ...more];
  const json = values.json ?? false;
  if (noun !== "tenant") throw wrong(`There is no command "${noun ?? ""}".`);
  if (rest.length > 0) throw wrong(`"${rest[0]}" is one word too many. Put a name in quotes.`);
  if (verb !== "create" && values.name !== undefined) throw wrong("Only create takes --name.");
  switch (verb) {
    case "list":
      if (key !== undefined) throw wrong("list takes no key.");
      return { verb, json };
    case "create":
      if (values.name === undefined) throw wrong('create needs the tenant\'s name: --name "Company A/S".');
      return { verb, key: required(key, verb), name: values.name, json };
    case "show":
    case "suspend":
    case "resume":
      return { verb, key: required(key, verb), json };
    case "unblock":
      if (!user) throw wrong("unblock needs the name of the user.");
      return { verb, key: required(key, verb), user, json };
    case "administrator":
      return { verb, key: required(key, verb), user: user ?? "admin", json };
    default:
      throw wrong(verb ? `There is no command "tenant ${verb}".` : "tenant needs one of the words below.");
  }
}

function parsed(words: string[]) {
  try {
    const options = { json: { type: "boolean" }, name: { type: "string" } } as const;
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

function required(key: string | undefined, verb: string): string {
  if (!key) throw wrong(`${verb} needs the tenant's key.`);
  return key;
}

function wrong(reason: string): UsageError {
  return new UsageError(`${reason}\n\n${usage}`);
}
