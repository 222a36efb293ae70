import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostToLose, loseServer, type Loss } from "#testing/lost-server.ts";
import { percentile, rounded, type Results } from "../results.ts";

const afterSecondsMax = 60;

/** The whole data folder destroyed at a random second of a busy minute, again and again, at the pace hosts archive at. */
export async function measureLosses(rounds: number, say: (text: string) => void): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-losses-"));
  const start = await hostToLose(folder);
  let { host } = start;
  const losses: Loss[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      const lost = await loseServer(host, {
        ...start.plan,
        writers: 2,
        afterSeconds: Math.random() * afterSecondsMax,
        directory: join(folder, String(round)),
      });
      host = lost.host;
      losses.push(lost.loss);
      say(`destroyed ${round}: ${JSON.stringify(lost.loss)}`);
    }
  } finally {
    await host.end();
    await rm(folder, { recursive: true, force: true });
  }
  const most = (pick: (loss: Loss) => number) => Math.max(...losses.map(pick));
  const sum = (pick: (loss: Loss) => number) => losses.reduce((total, loss) => total + pick(loss), 0);
  return {
    "recovery.losses.rounds": rounds,
    "recovery.losses.acknowledged": sum(({ acknowledged }) => acknowledged),
    "recovery.losses.missingBeforeArchived": sum(({ missingBeforeArchived }) => missingBeforeArchived),
    "recovery.losses.mostSecondsLost": rounded(most(({ secondsLost }) => secondsLost)),
    "recovery.losses.mostArchiveAgeSeconds": rounded(most(({ archiveAgeSeconds }) => archiveAgeSeconds)),
    "recovery.losses.serverP50Seconds": rounded(
      percentile(
        losses.map(({ recoverySeconds }) => recoverySeconds),
        50,
      ),
    ),
  };
}
