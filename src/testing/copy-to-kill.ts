// Copies a data folder's backups to their second location, for the test that kills it in the middle of that.
import { startCopying } from "#hosting/backup/keep-copy.ts";
import { openBuiltIn } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";

const [, , directory = ""] = process.argv;
const { location, copy, keyring } = (await openBuiltIn(directory, {}, new Date()))!;
startCopying({ location, copy: copy!, keyring }, openLog({ level: "silent" }));
// Looks are not what keeps a program running.
setInterval(() => undefined, 1_000);
