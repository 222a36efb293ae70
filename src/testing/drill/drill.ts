// npm run drill: loads tenants, works on them, destroys the server, recovers it, takes single records back and restores one tenant to three moments.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBackups } from "#hosting/index.ts";
import { backupPlaces, firstBackup } from "../../apps/controls/backup-place.ts";
import { RunningHost } from "../running-host.ts";
import { strongroom } from "./command.ts";
import { loseAndRecover } from "./lose.ts";
import { drillOptions, type DrillOptions } from "./options.ts";
import { proveOthers, restoreTo } from "./restore.ts";
import { Salesman, type Moment } from "./salesman.ts";
import { Steps } from "./steps.ts";
import { takeBackFrom } from "./take-back.ts";

const steps = new Steps();
const options = drillOptions(process.argv.slice(2));
const folder = await mkdtemp(join(tmpdir(), "strongroom-drill-"));
const { folders, settings } = await backupPlaces(folder);
const [backups = ""] = folders;
const environment = { ...settings, STRONGROOM_DEMO: "off", STRONGROOM_LOG: "error" };
let host: RunningHost | undefined;
try {
  await run(options);
} catch (error) {
  // A step that broke stands in the table; what comes after it cannot be done.
  if (steps.failed === 0) throw error;
} finally {
  await host?.end();
  for (const each of [folder, ...folders]) await rm(each, { recursive: true, force: true });
}
process.stdout.write(
  `\n${steps.asTable()}\n\n${steps.failed === 0 ? "Everything was got back." : `${steps.failed} steps FAILED.`}\n`,
);
process.exit(steps.failed === 0 ? 0 : 1);

async function run({ tenants, rows, seconds }: DrillOptions): Promise<void> {
  const directory = join(folder, "data");
  host = await steps.take(
    "start the program with backups, and let it make and check its first",
    async () => {
      const started = await RunningHost.start(environment, directory);
      await firstBackup({ backups: () => openBackups(directory, {}, new Date()) });
      return started;
    },
    () => ({
      ok: true,
      seen:
        "STRONGROOM_BACKUP_SAME_DISK" in settings
          ? "backups on the SAME disk: there is no other"
          : "backups on another disk",
    }),
  );
  const people = await makeTenants(host, tenants, rows);
  await steps.take(
    "make another base backup",
    () => strongroom<string>(directory, "backup", "now"),
    (words) => ({ ok: /restorable from/.test(words), seen: words }),
  );
  const moments = await work(people[0]!, rows);
  const sheet = join(folder, "sheet.txt");
  await cp(join(directory, "backup/recovery-sheet.txt"), sheet);
  const next = join(folder, "recovered");
  host = await loseAndRecover(steps, {
    host,
    people,
    seconds,
    from: backups,
    sheet,
    directory: next,
    environment,
  });
  await proveOthers(steps, host, people);
  await takeBackFrom(steps, next, people[0]!, moments[0]![1]);
  for (const [what, moment] of moments) await restoreTo(steps, host, people, { what, moment });
  await steps.take(
    "drill a tenant as the schedule does",
    () => strongroom<{ copied: { rows: number } }>(next, "backup", "drill"),
    ({ copied }) => ({ ok: copied.rows > 0, seen: `${copied.rows} rows compared, equal` }),
  );
}

async function makeTenants(running: RunningHost, tenants: number, rows: number): Promise<Salesman[]> {
  const people: Salesman[] = [];
  await steps.take(
    `make ${tenants} tenants with ${rows} organisations each`,
    async () => {
      for (let number = 1; number <= tenants; number++) {
        const key = `tenant-${number}`;
        const made = await strongroom<{ administrator: { password: string } }>(
          running.directory,
          "tenant",
          "create",
          key,
          "--name",
          `Tenant ${number}`,
        );
        const person = new Salesman(running, key, made.administrator.password);
        await person.signIn();
        await person.load(rows);
        people.push(person);
      }
    },
    () => ({ ok: people.length === tenants, seen: `${tenants * rows} acknowledged over HTTP` }),
  );
  return people;
}

/** Three moments between pieces of work. */
async function work(person: Salesman, rows: number): Promise<[string, Moment][]> {
  const moments: [string, Moment][] = [["before any change", await person.moment()]];
  const few = Math.floor(rows / 5);
  await steps.take(
    "work: rename some, delete some",
    async () => {
      await person.rename(few);
      moments.push(["after the renaming", await person.moment()]);
      await person.bin(few);
      moments.push(["after the deleting", await person.moment()]);
    },
    () => ({ ok: true, seen: `${few} renamed, then ${few} deleted` }),
  );
  // Not in the order in which they were: a moment before an earlier restore must be found too.
  return [moments[1]!, moments[0]!, moments[2]!];
}
