import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostToLose, loseServer, type Loss } from "#testing/lost-server.ts";
import { percentile, rounded, type Results } from "../results.ts";
import { benchFolder } from "../size.ts";
import type { Part } from "./part.ts";

type Losses = { busy: Loss[]; idle: Loss[] };
type Rounds = { busy: number; idle: number };

const afterSecondsMax = 60;
/** More than may be lost at most, so that nothing written before is missing. */
const quietSeconds = 65;

/**
 * The whole data folder destroyed at a random second of a busy minute, again and again, at the pace hosts archive at;
 * and some more times after a minute in which nothing was written. Each counts at once, and a run that was cut off is
 * continued by the next.
 */
export async function measureLosses({ quick, say, keep }: Part): Promise<Results> {
  const rounds: Rounds = quick ? { busy: 1, idle: 1 } : { busy: 20, idle: 5 };
  const losses = quick ? { busy: [], idle: [] } : await unfinished(rounds);
  const folder = await mkdtemp(join(tmpdir(), "strongroom-losses-"));
  const start = await hostToLose(folder);
  let { host } = start;
  try {
    for (let kind = next(losses, rounds); kind !== undefined; kind = next(losses, rounds)) {
      const isIdle = kind === "idle";
      const lost = await loseServer(host, {
        ...start.plan,
        writers: 2,
        afterSeconds: isIdle || quick ? 3 : Math.random() * afterSecondsMax,
        ...(isIdle ? { quietSeconds } : {}),
        directory: join(folder, `${kind}-${losses[kind].length + 1}`),
      });
      host = lost.host;
      losses[kind].push(lost.loss);
      say(`destroyed ${kind} ${losses[kind].length}: ${JSON.stringify(lost.loss)}`);
      if (quick) continue;
      await remember(losses);
      await keep(resultsOf(losses));
    }
  } finally {
    await host.end();
    await rm(folder, { recursive: true, force: true });
  }
  return resultsOf(losses);
}

/** Idle ones between the busy ones, so that a run that is cut off has some of both. */
function next({ busy, idle }: Losses, rounds: Rounds): keyof Losses | undefined {
  const isIdleDue = idle.length / rounds.idle < busy.length / rounds.busy;
  if (idle.length < rounds.idle && isIdleDue) return "idle";
  return busy.length < rounds.busy ? "busy" : undefined;
}

function resultsOf({ busy, idle }: Losses): Results {
  const most = (losses: Loss[], pick: (loss: Loss) => number) => Math.max(0, ...losses.map(pick));
  const sum = (losses: Loss[], pick: (loss: Loss) => number) =>
    losses.reduce((total, loss) => total + pick(loss), 0);
  const all = [...busy, ...idle];
  const seconds = all.map(({ recoverySeconds }) => recoverySeconds);
  return {
    "recovery.losses.rounds": busy.length,
    "recovery.losses.acknowledged": sum(all, ({ acknowledged }) => acknowledged),
    "recovery.losses.missingBeforeArchived": sum(all, ({ missingBeforeArchived }) => missingBeforeArchived),
    "recovery.losses.mostSecondsLost": rounded(most(busy, ({ secondsLost }) => secondsLost)),
    "recovery.losses.mostArchiveAgeSeconds": rounded(most(all, ({ archiveAgeSeconds }) => archiveAgeSeconds)),
    "recovery.losses.idleRounds": idle.length,
    "recovery.losses.idleAcknowledged": sum(idle, ({ acknowledged }) => acknowledged),
    "recovery.losses.idleMissing": sum(idle, ({ missing }) => missing),
    "recovery.losses.serverP50Seconds": rounded(percentile(seconds, 50)),
  };
}

const path = () => join(benchFolder(), "losses.json");

/** What a run that was cut off has seen; nothing when the last one was whole. */
async function unfinished(rounds: Rounds): Promise<Losses> {
  const text = await readFile(path(), "utf8").catch(() => "{}");
  const losses: Losses = { busy: [], idle: [], ...(JSON.parse(text) as Partial<Losses>) };
  return next(losses, rounds) === undefined ? { busy: [], idle: [] } : losses;
}

async function remember(losses: Losses): Promise<void> {
  await mkdir(benchFolder(), { recursive: true });
  await writeFile(path(), JSON.stringify(losses));
}
