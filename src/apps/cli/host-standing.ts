import { dataRoom, dataRoomProblems, hostHealth, within, type HostHealth } from "#hosting/index.ts";
import { askServer, dataDirectory } from "#platform/postgres/index.ts";
import { findInstance } from "../running-instance.ts";
import { backupsOf, withHost } from "./with-host.ts";

// An answer within ten seconds, of which the start of this command takes some.
const seconds = { part: 5, all: 7 };

type Problems = HostHealth["problems"];

/** How the host stands, whatever of it hangs: the program, its database, its disks, the backups. */
export async function hostStanding(): Promise<HostHealth> {
  const silent = programProblems();
  // Asked at the same time, because one that hangs may hang the others.
  const backups = backupsOf(dataDirectory()).then((opened) => opened.backups?.status(new Date()));
  const parts = partProblems(backups);
  const whole = withHost((host) => hostHealth(host, new Date(), seconds.part));
  try {
    const health = await within(seconds.all, whole);
    return { ...health, problems: [...(await silent), ...health.problems] };
  } catch (error) {
    endSoon();
    const seen = await within(1, dataRoom(dataDirectory())).catch(() => undefined);
    const room = seen ?? { freeBytes: 0, sizeBytes: 0 };
    return {
      at: new Date().toISOString(),
      database: undefined,
      rooms: { data: room },
      backups: await within(1, backups).catch(() => undefined),
      problems: [
        ...(await silent),
        ...(await parts),
        ...dataRoomProblems(seen),
        { code: "not_told", words: `How the rest stands could not be told: ${(error as Error).message}` },
      ],
    };
  }
}

async function programProblems(): Promise<Problems> {
  const found = await within(seconds.part, findInstance(dataDirectory())).catch(() => ({
    silent: "unknown",
  }));
  if (found.silent === undefined) return [];
  return [
    {
      code: "program_silent",
      words: `Strongroom runs (process ${found.silent}) and does not answer. Stop it and start it again.`,
    },
  ];
}

/** What of the rest does not answer. */
async function partProblems(backups: Promise<unknown>): Promise<Problems> {
  const asked = await Promise.all([
    tried(
      "database_away",
      "The database does not answer:",
      askServer(dataDirectory(), process.env["DATABASE_URL"]),
    ),
    tried("location_away", "The backups do not answer:", backups),
  ]);
  return asked.flat();
}

const tried = (code: Problems[number]["code"], what: string, work: Promise<unknown>): Promise<Problems> =>
  within(seconds.part, work).then(
    () => [],
    (error: Error) => [{ code, words: `${what} ${error.message}` }],
  );

// What hangs in the system would keep this command from ending, too: after what it started is told to stop.
function endSoon(): void {
  process.once("exit", () => process.kill(process.pid, "SIGKILL"));
  setTimeout(() => process.exit(), 1_500).unref();
}
