import { cp, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createFirstAdministrator } from "#features/users/index.ts";
import { recoverServer, type ServerRecovery, type ServerReport } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";
import { openTenancy, type Tenancy } from "#platform/tenancy/index.ts";
import { RunningHost } from "./running-host.ts";

/** What one destroyed server cost. */
export type Loss = {
  acknowledged: number;
  missing: number;
  /** Acknowledged before the last archived moment and not there: must be none. */
  missingBeforeArchived: number;
  /** Last acknowledged minus last recovered. */
  secondsLost: number;
  /** The moment it was destroyed minus the moment the archive holds everything up to. */
  archiveAgeSeconds: number;
  recoverySeconds: number;
};

export type Destruction = {
  tenant: string;
  password: string;
  writers: number;
  afterSeconds: number;
  /** Nothing is written for so long before it is destroyed. */
  quietSeconds?: number;
  /** Backup location, recovery sheet and the empty folder of the server that follows. */
  from: string;
  sheet: string;
  directory: string;
  environment: NodeJS.ProcessEnv;
  /** Makes the server anew; in this process when absent. */
  recover?: (wanted: ServerRecovery) => Promise<Pick<ServerReport, "archivedUntil">>;
};

const log = openLog({ level: "silent" });

/** A host with backups, one tenant and its administrator, as far as its first base backup; everything below `folder`. */
export async function hostToLose(folder: string) {
  const environment = {
    STRONGROOM_BACKUP: join(folder, "backup"),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
    STRONGROOM_DEMO: "off",
  };
  const host = await RunningHost.start(environment, join(folder, "0"));
  const sheet = join(folder, "sheet.txt");
  await cp(join(folder, "0/backup/recovery-sheet.txt"), sheet);
  const password = await withTenancy(host.directory, async (tenancy) => {
    let made = "";
    await tenancy.createTenant({ key: "maven", name: "Maven" }, async (tenant) => {
      made = await tenancy.asOwner(tenant, async (owner) => {
        const administrator = await createFirstAdministrator(owner, { name: "admin", fullName: "Ada" });
        return administrator.password;
      });
    });
    return made;
  });
  await firstBase(join(folder, "backup"));
  return { host, plan: { tenant: "maven", password, from: join(folder, "backup"), sheet, environment } };
}

/** Waits for a base backup that is whole. */
export async function firstBase(location: string): Promise<void> {
  const isThere = async () =>
    (await readdir(join(location, "base"), { recursive: true }).catch(() => [])).some((name) =>
      name.endsWith("/manifest"),
    );
  while (!(await isThere())) await delay(100);
}

/**
 * Writes through the program's own HTTP until everything of it is killed at once and its data folder deleted, then
 * recovers the server from the backups and the sheet and starts it, for the next time.
 */
export async function loseServer(
  host: RunningHost,
  plan: Destruction,
): Promise<{ loss: Loss; host: RunningHost }> {
  const cookie = await host.signIn(plan.tenant, "admin", plan.password);
  const acknowledged: { name: string; at: number }[] = [];
  const ended = new AbortController();
  const writer = async (number: number): Promise<void> => {
    for (let count = 1; !ended.signal.aborted; count++) {
      const name = `${plan.directory} ${number} ${count}`;
      const answer = await host
        .ask(plan.tenant, "POST", "/api/organisations", { body: { name }, cookie })
        .catch(() => undefined);
      if (answer?.status === 201) acknowledged.push({ name, at: Date.now() });
    }
  };
  const writers = Array.from({ length: plan.writers }, (_, number) => writer(number));
  await delay(plan.afterSeconds * 1_000);
  if (plan.quietSeconds !== undefined) {
    ended.abort();
    await Promise.all(writers);
    await delay(plan.quietSeconds * 1_000);
  }
  const destroyedAt = Date.now();
  await killEverything(host);
  ended.abort();
  await Promise.all(writers);
  await rm(host.directory, { recursive: true, force: true });

  const began = performance.now();
  const { directory, from, sheet } = plan;
  const recover = plan.recover ?? ((wanted: ServerRecovery) => recoverServer(wanted, log));
  const { archivedUntil } = await recover({ directory, from, sheet });
  const recoverySeconds = (performance.now() - began) / 1_000;
  const next = await RunningHost.start(plan.environment, directory);
  const there = await withTenancy(directory, (tenancy) => organisationNames(tenancy, plan.tenant));
  const missing = acknowledged.filter(({ name }) => !there.has(name));
  const last = (all: { at: number }[]) => Math.max(...all.map(({ at }) => at));
  const recovered = acknowledged.filter(({ name }) => there.has(name));
  const archived = Date.parse(archivedUntil);
  const lastRecovered = recovered.length > 0 ? last(recovered) : Math.min(archived, destroyedAt);
  return {
    host: next,
    loss: {
      acknowledged: acknowledged.length,
      missing: missing.length,
      missingBeforeArchived: missing.filter(({ at }) => at <= archived).length,
      secondsLost: missing.length === 0 ? 0 : (last(acknowledged) - lastRecovered) / 1_000,
      archiveAgeSeconds: (destroyedAt - archived) / 1_000,
      recoverySeconds,
    },
  };
}

/** The registry and the tenants of a server that runs. */
export async function withTenancy<Result>(
  directory: string,
  work: (tenancy: Tenancy) => Promise<Result>,
): Promise<Result> {
  const server = await joinServer({ directory, log });
  const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
  return work(tenancy).finally(() => tenancy.close());
}

async function organisationNames(tenancy: Tenancy, key: string): Promise<Set<string>> {
  const { rows } = await tenancy.asOwner(await tenancy.show(key), (owner) =>
    owner.query<{ name: string }>("SELECT name FROM public.organisation"),
  );
  return new Set(rows.map(({ name }) => name));
}

/** The program, its database server and everything they started, all at once and without a word. */
async function killEverything(host: RunningHost): Promise<void> {
  const pidFile = await readFile(join(host.directory, "postgres/postmaster.pid"), "utf8");
  const doomed = await withDescendants([host.pid, Number(pidFile.split("\n")[0])]);
  for (const pid of doomed) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  await host.end();
}

async function withDescendants(roots: number[]): Promise<Set<number>> {
  const parents = new Map<number, number>();
  for (const name of (await readdir("/proc")).filter((each) => /^\d+$/.test(each))) {
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const found = new Set(roots);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return found;
}
