import { addressList } from "#platform/http/index.ts";
import { SetupError } from "#platform/postgres/index.ts";

/** The addresses and networks that a setting lists by comma. Throws SetupError for what is none. */
export function addressesIn(setting: string, environment: NodeJS.ProcessEnv): string[] {
  const addresses = (environment[setting] ?? "").split(",").map((each) => each.trim());
  const listed = addresses.filter((each) => each !== "");
  for (const each of listed)
    try {
      addressList([each]);
    } catch {
      throw new SetupError(`${setting} must list addresses or networks by comma; "${each}" is none.`);
    }
  return listed;
}
