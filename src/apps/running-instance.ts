import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { instanceHeader } from "#platform/http/index.ts";
import { holderOf } from "#platform/postgres/index.ts";
import { writeSecret } from "#platform/secrets/index.ts";

export type Address = { readonly host: string; readonly port: number };
type Instance = Address & { instance: string };

const pathIn = (directory: string): string => join(directory, "instance.json");

/** What the program that listens there is called: as the one before it on this data folder, if it listened there too. */
export async function instanceFor(directory: string, address: Address): Promise<Instance> {
  const noted = await readNoted(directory);
  const isThere = noted?.host === address.host && noted.port === address.port;
  return isThere ? noted : { instance: randomUUID(), ...address };
}

/** The program that serves a data folder says beside it where it listens and what it is called; a full disk need take nothing. */
export async function noteInstance(directory: string, instance: Instance): Promise<void> {
  if ((await readNoted(directory))?.instance !== instance.instance)
    await writeSecret(pathIn(directory), JSON.stringify(instance));
}

async function readNoted(directory: string): Promise<Instance | undefined> {
  try {
    return JSON.parse(await readFile(pathIn(directory), "utf8")) as Instance;
  } catch {
    return undefined;
  }
}

/**
 * Where the program that serves this data folder answers, whoever else listens where one would expect it; `silent` when
 * one has the folder and does not answer, with the number of its process where it can be told.
 */
export async function findInstance(directory: string): Promise<{ address?: Address; silent?: string }> {
  const noted = await readNoted(directory);
  if (noted !== undefined) {
    const { instance, host, port } = noted;
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
