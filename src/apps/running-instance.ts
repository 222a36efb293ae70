import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { instanceHeader } from "#platform/http/index.ts";
import { holderOf } from "#platform/postgres/index.ts";
import { writeSecret } from "#platform/secrets/index.ts";

export type Address = { readonly host: string; readonly port: number };
type Instance = Address & { instance: string };

const pathIn = (directory: string): string => join(directory, "instance.json");

/** The program that serves a data folder says beside it where it listens and what it is called. */
export const noteInstance = (directory: string, instance: Instance): Promise<void> =>
  writeSecret(pathIn(directory), JSON.stringify(instance));

/**
 * Where the program that serves this data folder answers, whoever else listens where one would expect it; `silent` when
 * one has the folder and does not answer, with the number of its process where it can be told.
 */
export async function findInstance(directory: string): Promise<{ address?: Address; silent?: string }> {
  const noted = await readFile(pathIn(directory), "utf8").catch(() => undefined);
  if (noted !== undefined) {
    const { instance, host, port } = JSON.parse(noted) as Instance;
    const address = { host: reachable[host] ?? host, port };
    if ((await instanceAt(address)) === instance) return { address };
  }
  const holder = await holderOf(directory);
  return holder === undefined || holder.purpose === "command" ? {} : { silent: holder.pid };
}

/** One that listens everywhere is reached here. */
const reachable: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };
const answerMilliseconds = 2_000;

function instanceAt(address: Address): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ ...address, path: "/health/live", timeout: answerMilliseconds }, (answer) => {
      answer.resume();
      const name = answer.headers[instanceHeader];
      resolve(typeof name === "string" ? name : undefined);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined));
    asked.on("close", () => resolve(undefined));
    asked.end();
  });
}
